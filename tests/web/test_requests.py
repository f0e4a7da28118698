"""The name of a request: in its answer, and in every line that it led to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from controller.hooks import Push
from tests.hooks.deliveries import SENDERS, TOKEN
from tests.web.running import Packs, running


def test_every_answer_has_a_name_of_its_own() -> None:
    with running() as server:
        names = {server.get(path).headers["x-request-id"] for path in ("/healthz", "/none") * 2}
    assert len(names) == 4


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("4bf92f35-77b3", True), ("a" * 64, True), ("a" * 65, False), ("a b", False), ("", False)],
)
def test_the_callers_name_is_kept_where_it_is_fit_for_a_log(given: str, is_kept: bool) -> None:
    with running() as server:
        url = f"http://{server.ops}/healthz"
        answer = server.client.request("GET", url, headers={"X-Request-Id": given}, timeout=30)
    assert (answer.headers["x-request-id"] == given) is is_kept


def test_the_lines_of_a_request_have_its_name_and_no_other() -> None:
    sent = SENDERS["GitHub"].delivery()
    named = [replace(sent, headers={**sent.headers, "X-Request-Id": name}) for name in ("a", "b")]
    with capture_logs([merge_contextvars]) as lines:
        with running(packs=Packs(), tokens=(TOKEN,)) as server:
            for each in named:
                server.post("/hooks/git", each)
        told = [line.get("request_id") for line in lines if line["event"] == "webhook"]
    assert told == ["a", "b"]


class _Broken(Packs):
    def tell_all(self, push: Push) -> int:
        raise ValueError(f"https://robot:hunter2@git.example.com of {type(push).__name__}")


def test_an_error_that_nobody_foresaw_is_answered_like_any_other() -> None:
    sent = SENDERS["GitHub"].delivery()
    with capture_logs([merge_contextvars]) as lines:
        with running(packs=_Broken(), tokens=(TOKEN,)) as server:
            place = f"http://{server.public}/hooks/git"
            headers = {**sent.headers, "X-Request-Id": "mine"}
            answer = server.client.request("POST", place, sent.body, headers=headers, timeout=30)
        (line,) = [line for line in lines if line["event"] == "request failed"]
    assert answer.status == 500
    assert answer.json()["code"] == "INTERNAL"
    assert b"hunter2" not in answer.data
    assert answer.headers["x-request-id"] == line["request_id"] == "mine"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (line["error"], line["message"]) == ("ValueError", "https://***@git.example.com of Push")
