"""Statuses and headers, and what they mean."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from controller.source.failures import FailedError, Failure
from controller.source.http.answers import DEFAULT_PAUSE, MAX_PAUSE, MIN_PAUSE, failed

NOW = 1_800_000_000.0


def of(status: int, **headers: str) -> FailedError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    found = failed(status, named, NOW)
    assert found
    return found


def test_a_good_answer() -> None:
    assert failed(200, {"retry-after": "5"}, NOW) is None


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (301, Failure.REDIRECTED),
        (302, Failure.REDIRECTED),
        (308, Failure.REDIRECTED),
        (401, Failure.LOGIN),
        (403, Failure.LOGIN),
        (404, Failure.NOT_FOUND),
        (407, Failure.PROXY_LOGIN),
        (410, Failure.NOT_FOUND),
        (429, Failure.RATE_LIMITED),
        (204, Failure.SERVER_ERROR),
        (400, Failure.SERVER_ERROR),
        (500, Failure.SERVER_ERROR),
        (503, Failure.SERVER_ERROR),
    ],
)
def test_statuses(status: int, failure: Failure) -> None:
    assert of(status).failure is failure


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (429, {}, DEFAULT_PAUSE),
        (429, {"retry_after": "17"}, 17),
        (503, {"retry_after": "17"}, 17),
        (403, {"retry_after": "17"}, 17),  # GitHub's secondary limits
        (429, {"retry_after": formatdate(NOW + 90, usegmt=True)}, 90),
        # By the server's clock, which may be another than ours.
        (
            429,
            {
                "retry_after": formatdate(NOW + 7290, usegmt=True),
                "date": formatdate(NOW + 7200, usegmt=True),
            },
            90,
        ),
        (403, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": f"{NOW + 300:.0f}"}, 300),
        (429, {"x_ratelimit_reset": "soon"}, DEFAULT_PAUSE),
        (429, {"retry_after": "315360000"}, MAX_PAUSE),
        (429, {"retry_after": "9" * 5000}, MAX_PAUSE),
        (429, {"retry_after": "-5"}, MIN_PAUSE),
        (429, {"retry_after": "tomorrow"}, MIN_PAUSE),
        (429, {"retry_after": formatdate(0)}, MIN_PAUSE),
    ],
)
def test_pauses(status: int, headers: dict[str, str], pause: float) -> None:
    found = of(status, **headers)
    assert found.failure is Failure.RATE_LIMITED
    assert found.retry_after == pause


def test_until_when_is_told() -> None:
    assert of(429, retry_after="60").detail == "until 08:01:00 UTC"


def test_a_403_with_requests_left_is_about_the_login() -> None:
    assert of(403, x_ratelimit_remaining="59").failure is Failure.LOGIN
