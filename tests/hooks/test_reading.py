"""What deliveries tell of, whole, odd and hostile."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.hooks import Delivery, place, read
from tests.hooks.deliveries import SENDERS, Json, form

_EACH = pytest.mark.parametrize("name", SENDERS)


@_EACH
def test_a_push_names_its_repository_in_all_forms_and_its_branch(name: str) -> None:
    sender = SENDERS[name]
    push = read(sender.delivery())
    assert push
    assert push.refs == ("refs/heads/main",)
    assert {place(url) for url in push.urls} == {place(url) for url in sender.urls}


def test_github_may_send_forms() -> None:
    sender = SENDERS["GitHub"]
    kind = "application/x-www-form-urlencoded"
    sent = sender.delivery(form(sender.push), content_type=kind)
    assert read(sent) == read(sender.delivery())


@pytest.mark.parametrize(
    ("name", "headers", "body"),
    [
        ("GitHub", {"x_github_event": "ping"}, {"zen": "Design for failure."}),
        ("GitHub", {"x_github_event": "issues"}, None),
        ("Gitea", {"x_gitea_event": "pull_request"}, None),
        ("GitLab", {"x_gitlab_event": "Note Hook"}, None),
        ("GitLab", {"x_gitlab_event": "System Hook"}, {"event_name": "project_create"}),
        ("Bitbucket Cloud", {"x_event_key": "repo:fork"}, None),
        ("Bitbucket Data Center", {"x_event_key": "diagnostics:ping"}, {"test": True}),
        ("Azure DevOps", {}, {"eventType": "build.complete"}),
    ],
)
def test_other_events_tell_of_no_push(name: str, headers: Json, body: Json | None) -> None:
    assert read(SENDERS[name].delivery(body, **headers)) is None


def test_events_are_told_by_their_names_in_any_case() -> None:
    assert read(SENDERS["GitHub"].delivery(x_github_event="Push"))


def test_a_system_hook_of_gitlab_tells_of_all_references() -> None:
    body = {
        "event_name": "repository_update",
        "project": SENDERS["GitLab"].push["project"],
        "refs": ["refs/heads/main", "refs/tags/v1"],
    }
    push = read(SENDERS["GitLab"].delivery(body, x_gitlab_event="System Hook"))
    assert push
    assert push.refs == ("refs/heads/main", "refs/tags/v1")


def test_bitbucket_cloud_tells_of_tags_and_of_branches_that_went() -> None:
    changes = [
        {"new": {"type": "tag", "name": "v1"}, "old": None},
        {"new": None, "old": {"type": "branch", "name": "gone"}},
        {"new": {"type": "bookmark", "name": "x"}},
    ]
    push = read(SENDERS["Bitbucket Cloud"].delivery({"push": {"changes": changes}}))
    assert push
    assert push.refs == ("refs/tags/v1", "refs/heads/gone")


def test_a_generic_one_need_not_say_anything() -> None:
    for body in (b"", b"pushed!", b"null"):
        push = read(SENDERS["generic, HMAC"].delivery(body))
        assert push
        assert (push.urls, push.refs) == ((), ())


_ODD: tuple[Any, ...] = (None, [], {}, "x", 7, [None, 7, {}], {"a": None})


def _spoiled(value: Any) -> Iterator[Any]:
    """`value` with each of its parts, in turn, replaced by what it should not be."""
    yield from _ODD
    if isinstance(value, dict):
        for name in value:
            for part in _spoiled(value[name]):
                yield {**copy.deepcopy(value), name: part}
    if isinstance(value, list):
        for part in _spoiled(value[0]):
            yield [part]


@_EACH
def test_a_body_with_any_part_spoiled_tells_of_less_and_never_fails(name: str) -> None:
    sender = SENDERS[name]
    whole = read(sender.delivery())
    assert whole
    for body in _spoiled(sender.push):
        push = read(sender.delivery(body if isinstance(body, dict) else json.dumps(body).encode()))
        assert push is None or all(isinstance(one, str) for one in (*push.urls, *push.refs))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b'{"ref":"\\ud800"}', b"9" * 5000],
    ids=["empty", "cut", "no text", "deep list", "deep object", "surrogate", "huge number"],
)
@_EACH
def test_what_is_no_json_tells_of_nothing(name: str, body: bytes) -> None:
    push = read(SENDERS[name].delivery(body))
    assert push is None or not push.urls


@_EACH
def test_endless_lists_are_cut(name: str) -> None:
    many = [f"refs/heads/{number}" for number in range(5000)]
    body = {**SENDERS[name].push, "refs": many, "changes": [{"ref": {"id": one}} for one in many]}
    push = read(SENDERS[name].delivery(body))
    assert push
    assert len(push.refs) <= 1001


@given(st.binary(max_size=200), st.sampled_from(sorted(SENDERS)))
def test_no_bytes_make_it_fail(body: bytes, name: str) -> None:
    read(SENDERS[name].delivery(body))


def test_an_id_tells_deliveries_apart_and_cannot_be_taken_by_another_body() -> None:
    one = SENDERS["GitHub"].delivery()
    assert one.id == SENDERS["GitHub"].delivery().id
    assert one.id != SENDERS["GitHub"].delivery(x_github_delivery="other").id
    assert one.id != Delivery(one.headers, b"{}").id
    assert not Delivery({"x-github-event": "push"}, b"{}").id
