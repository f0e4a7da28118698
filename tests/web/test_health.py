"""Readiness says what is missing, and waits for nothing that hangs."""

from __future__ import annotations

import json
import threading

from controller.web import Check, Readiness
from tests.web.running import running


def _away() -> None:
    raise ConnectionError("postgresql://attune:s3cret@db/attune does not answer.")


def test_a_process_that_answers_is_alive_whatever_it_lacks() -> None:
    with running(Check("database", _away)) as server:
        answer = server.get("/healthz")
    assert (answer.status, json.loads(answer.text)["status"]) == (200, "ok")


def test_ready_names_each_check() -> None:
    with running(Check("database", lambda: None), Check("work", lambda: None)) as server:
        answer = server.get("/readyz")
    assert answer.status == 200
    assert [one["name"] for one in json.loads(answer.text)["checks"]] == ["database", "work"]


def test_not_ready_says_what_is_wrong_without_a_password() -> None:
    with running(Check("kubernetes", lambda: None), Check("database", _away)) as server:
        answer = server.get("/readyz")
    checks = {one["name"]: one for one in json.loads(answer.text)["checks"]}
    assert answer.status == 503
    assert checks["kubernetes"]["ok"]
    assert not checks["database"]["ok"]
    assert "does not answer" in checks["database"]["message"]
    assert "s3cret" not in answer.text


def test_a_check_that_hangs_is_told_and_not_started_twice() -> None:
    release, begun = threading.Event(), []

    def hang() -> None:
        begun.append(1)
        release.wait()

    readiness = Readiness([Check("database", hang)], patience=0.01, fresh=0.0)
    try:
        said = [readiness.look() for _ in range(3)]
    finally:
        release.set()
        readiness.close()
    assert {one.status for one in said} == {"failed"}
    assert "has not answered" in said[0].checks[0].message
    assert len(begun) == 1


def test_what_was_said_counts_for_a_moment() -> None:
    asked: list[int] = []
    readiness = Readiness([Check("database", lambda: asked.append(1))], fresh=3600.0)
    assert [readiness.look().status for _ in range(5)] == ["ok"] * 5
    assert len(asked) == 1
