"""`spec.dependsOn`: whose turn it is, and what is told of the others."""

from __future__ import annotations

from typing import Any

import pytest

from controller.errors import Stalled, Waiting
from controller.operator.dependencies import check_turn
from controller.operator.resource import Resource
from controller.pack.identity import PackKey
from controller.pack.tree import Revision

NOW = Revision("main", "1" * 40)
BEFORE = Revision("main", "2" * 40)


def _pack(name: str, *depends_on: str, url: str = "", **changes: Any) -> Resource:
    """A Pack that is Ready at NOW, with a repository of its own."""
    status = {
        "observedGeneration": 2,
        "lastAttemptedRevision": str(NOW),
        "conditions": [
            {
                "type": "Ready",
                "status": "True",
                "reason": "Succeeded",
                "lastTransitionTime": "2026-01-01T00:00:00Z",
            }
        ],
    }
    named = [_reference(one) for one in depends_on]
    return Resource(
        {
            "metadata": {"namespace": "a", "name": name, "uid": name, "generation": 2},
            "spec": {"git": {"url": url or f"https://git.example.com/{name}"}, "dependsOn": named},
            "status": status,
            **changes,
        }
    )


def _reference(text: str) -> dict[str, str]:
    namespace, _, name = text.rpartition("/")
    return {"name": name, "namespace": namespace} if namespace else {"name": name}


def _check(pack: Resource, *others: Resource) -> str:
    """What is said, empty where it is its turn."""
    known = {one.key: one for one in (pack, *others)}
    try:
        check_turn(pack, NOW, known.get)
    except Waiting as error:
        return error.message
    except Stalled as error:
        return f"stalled: {error.message}"
    return ""


def _metadata(**more: Any) -> dict[str, Any]:
    return {"metadata": {"namespace": "a", "name": "base", "uid": "u", "generation": 2, **more}}


def _not_ready() -> dict[str, Any]:
    ready = {"type": "Ready", "status": "False", "reason": "GitTimeout", "message": "secret"}
    return {"status": {"observedGeneration": 2, "conditions": [ready]}}


WAITS = {
    "which is being deleted": _metadata(deletionTimestamp="2026-01-01T00:00:00Z"),
    "whose newest spec has not been acted on yet": _metadata(generation=3),
    "which has no status yet": {"status": {}},
    "which is not Ready (GitTimeout)": _not_ready(),
}


@pytest.mark.parametrize("told", WAITS)
def test_what_is_waited_for_is_named(told: str) -> None:
    said = _check(_pack("user", "base"), _pack("base", **WAITS[told]))
    assert said == f"It waits for Pack a/base {told}."


def test_all_that_are_waited_for_are_named() -> None:
    said = _check(_pack("user", "base", "b/gone", "ready"), _pack("ready"))
    assert "Pack a/base which does not exist" in said
    assert "; and for Pack b/gone which does not exist" in said
    assert "ready" not in said


def test_it_is_the_turn_of_one_whose_dependencies_are_ready() -> None:
    assert _check(_pack("user")) == ""
    assert _check(_pack("user", "base", "a/base"), _pack("base", "gone")) == ""


def test_one_of_the_same_repository_must_have_seen_the_same_commit() -> None:
    url = "https://git.example.com/mono"
    user = _pack("user", "base", url=url)
    behind = _pack("base", url=url).body
    behind["status"]["lastAttemptedRevision"] = str(BEFORE)
    assert f"which has not looked at {NOW} yet" in _check(user, Resource(behind))
    assert _check(user, _pack("base", url=url)) == ""

    behind["spec"]["git"]["ref"] = {"branch": "release"}
    assert _check(user, Resource(behind)) == ""


def test_one_that_is_rolled_back_for_good_looks_at_no_commit_and_holds_up_nobody() -> None:
    url = "https://git.example.com/mono"
    back = _pack("base", url=url).body
    back["status"]["lastAttemptedRevision"] = str(BEFORE)
    user = _pack("user", "base", url=url)

    back["spec"]["rollback"] = {"revision": 3, "until": "NextCommit"}
    assert f"which has not looked at {NOW} yet" in _check(user, Resource(back))
    back["spec"]["rollback"] = {"revision": 3, "until": "Removed"}
    assert _check(user, Resource(back)) == ""


CIRCLES = {
    "a/user → a/user": ["a/user"],
    "a/user → a/base → a/user": ["base", "base: user"],
    "a/user → a/one → a/two → a/user": ["one", "one: other two", "two: user one", "other:"],
}


@pytest.mark.parametrize("circle", CIRCLES)
def test_a_circle_is_told_from_end_to_end(circle: str) -> None:
    first, *rest = CIRCLES[circle]
    others = [
        _pack(name, *depends_on.split()) for name, depends_on in (one.split(":") for one in rest)
    ]
    told = _check(_pack("user", first), *others)
    assert told == f"stalled: spec.dependsOn goes in a circle: {circle}."


def test_a_circle_of_others_is_theirs() -> None:
    others = (_pack("one", "two"), _pack("two", "one"))
    assert _check(_pack("user", "one"), *others) == ""
    assert PackKey("a", "one") == others[0].key
