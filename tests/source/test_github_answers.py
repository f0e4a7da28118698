from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from controller.errors import PackError, Reason, Stalled, Transient, Waiting
from controller.source.access import GitHubApp
from controller.source.github.answers import Answer, Issued, installation, issued

PEM = "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----"
APP = GitHubApp("424242", "31415926", PEM)
NOW = 1_800_000_000.0
DATE = "Fri, 15 Jan 2027 08:00:00 GMT"  # the same time
TOKEN = {"token": "ghs_abc", "expires_at": "2027-01-15T09:00:00Z"}


def answer(status: int, body: object = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"date": DATE, **named}, json.dumps(body).encode(), NOW)


def test_a_token_lives_as_long_as_the_server_says() -> None:
    assert issued(answer(201, TOKEN), APP) == Issued("ghs_abc", 3600.0)


@pytest.mark.parametrize(
    ("expires", "date", "life"),
    [
        ("2027-01-15T08:10:00Z", DATE, 600.0),
        ("2027-01-15T08:10:00+00:00", DATE, 600.0),
        ("2027-01-15T07:00:00Z", DATE, 0.0),
        ("2099-01-01T00:00:00Z", DATE, 3600.0),
        # Three hours off: only the server's own clock counts.
        ("2027-01-15T12:00:00Z", "Fri, 15 Jan 2027 11:00:00 GMT", 3600.0),
        ("2027-01-15T08:10:00Z", "half past nine", 600.0),
        ("tomorrow", DATE, 0.0),
        (None, DATE, 0.0),
    ],
    ids=["10 min", "offset", "over", "long", "other clock", "no date", "no time", "none"],
)
def test_life(expires: str | None, date: str, life: float) -> None:
    given = answer(201, {"token": "ghs_abc", "expires_at": expires}, date=date)
    assert issued(given, APP).life == life


def test_a_token_may_be_long() -> None:
    token = "ghs_" + "x" * 1000
    assert issued(answer(201, {**TOKEN, "token": token}), APP).token == token


def test_nothing_shows() -> None:
    assert "ghs_abc" not in repr(issued(answer(201, TOKEN), APP))


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that gives nothing, and what is told of it."""

    status: int
    says: str
    error: type[PackError] = Stalled
    reason: Reason = Reason.AUTHENTICATION_FAILED
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


REFUSED = {
    "wrong key": Refused(401, "does not know the GitHub App 424242 with this private key"),
    "our clock ahead": Refused(
        401, "whose clock is 900 s ahead of", headers={"date": "Fri, 15 Jan 2027 07:45:00 GMT"}
    ),
    "our clock behind": Refused(
        401, "whose clock is 900 s behind", headers={"date": "Fri, 15 Jan 2027 08:15:00 GMT"}
    ),
    "suspended": Refused(
        403,
        "installation 31415926 of the GitHub App 424242 is suspended",
        message="This installation has been suspended",
    ),
    "denied": Refused(403, "an IP allow list there", message="Forbidden"),
    "removed": Refused(404, "installation 31415926 of the GitHub App 424242 is not"),
    "permission": Refused(422, "Contents: Read-only"),
    "redirect": Refused(302, "Redirects are not followed", headers={"location": "https://x/"}),
    "no API": Refused(200, "githubAppBaseURL"),
    "away": Refused(502, "fails with HTTP 502", Transient, Reason.GIT_UNREACHABLE),
    "429": Refused(429, "", Waiting, Reason.RATE_LIMITED, headers={"retry-after": "17"}, wait=17),
    "429 without a time": Refused(429, "", Waiting, Reason.RATE_LIMITED, wait=60),
    "429 with an odd time": Refused(
        429, "", Waiting, Reason.RATE_LIMITED, headers={"retry-after": "-1"}, wait=1
    ),
    "429 for ever": Refused(
        429, "", Waiting, Reason.RATE_LIMITED, headers={"retry-after": "999999999"}, wait=3600
    ),
    "403 as a limit": Refused(
        403,
        "",
        Waiting,
        Reason.RATE_LIMITED,
        headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 90)},
        wait=90,
    ),
    "403 as a second limit": Refused(
        403,
        "",
        Waiting,
        Reason.RATE_LIMITED,
        "You have exceeded a secondary rate limit",
        wait=60,
    ),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_refused(case: Refused) -> None:
    given = Answer(
        case.status,
        {"date": DATE, **case.headers},
        json.dumps({"message": f"{case.message} ghs_echo"}).encode(),
        NOW,
    )
    with pytest.raises(PackError) as refused:
        issued(given, APP)
    assert type(refused.value) is case.error
    assert refused.value.reason is case.reason
    assert case.says in str(refused.value)
    assert refused.value.hint
    assert "ghs_echo" not in str(refused.value)
    if isinstance(refused.value, Waiting):
        assert refused.value.retry_after == case.wait


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"token": 1}, {"token": "a\nb"}, {"token": ""}, {"token": "x" * 5000}],
    ids=str,
)
def test_no_token_in_it(body: object) -> None:
    with pytest.raises(Stalled, match="not as GitHub's API does"):
        issued(answer(201, body), APP)


def test_an_installation_is_found_or_not() -> None:
    assert installation(answer(200, {"id": 7}), APP) == "7"
    assert installation(answer(404), APP) is None
    for body in ({}, {"id": "7/../8"}, [7]):
        with pytest.raises(Stalled, match="not as GitHub's API does"):
            installation(answer(200, body), APP)
    with pytest.raises(Stalled, match="does not know the GitHub App"):
        installation(answer(401), APP)


def test_a_deep_answer_is_none() -> None:
    with pytest.raises(Stalled):
        issued(Answer(201, {}, b"[" * 200_000, NOW), APP)
