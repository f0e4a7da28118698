from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.diff import Change, ChangeKind, changes
from controller.pack.content import Json

ADDED, REMOVED, CHANGED, MOVED = (
    ChangeKind.ADDED,
    ChangeKind.REMOVED,
    ChangeKind.CHANGED,
    ChangeKind.MOVED,
)


def tasks(*names: str, **more: Json) -> Json:
    return {"tasks": [{"name": name, **more} for name in names]}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param({"a": 1}, {"a": 1}, [], id="nothing"),
        pytest.param({"a": 1}, {"a": 2}, [Change("a", CHANGED, 1, 2)], id="a value"),
        pytest.param({}, {"a": 1}, [Change("a", ADDED, None, 1)], id="a new key"),
        pytest.param({"a": 1}, {}, [Change("a", REMOVED, 1)], id="a key that went"),
        pytest.param({"a": None}, {}, [], id="null is nothing"),
        pytest.param({"a": 1}, {"a": True}, [Change("a", CHANGED, 1, True)], id="1 is not true"),
        pytest.param({"a": 1}, {"a": 1.0}, [], id="1 is 1.0"),
        pytest.param(
            {"a": {"b": [1, 2]}},
            {"a": {"b": [1, 3, 4]}},
            [Change("a.b[1]", CHANGED, 2, 3), Change("a.b[2]", ADDED, None, 4)],
            id="items of a list",
        ),
        pytest.param(
            {"a": [1]}, {"a": {"b": 1}}, [Change("a", CHANGED, [1], {"b": 1})], id="another kind"
        ),
        pytest.param(
            tasks("a", "c"),
            tasks("a", "b", "c"),
            [Change("tasks[b]", ADDED, None, {"name": "b"})],
            id="a task between others",
        ),
        pytest.param(
            tasks("a", "b"),
            tasks("b", "a"),
            [Change("tasks", MOVED, ["a", "b"], ["b", "a"])],
            id="tasks in another order",
        ),
        pytest.param(
            tasks("a", input={"x": 1}),
            tasks("a", input={"x": 2}),
            [Change("tasks[a].input.x", CHANGED, 1, 2)],
            id="a field of a task",
        ),
        pytest.param(
            tasks("a", "a"),
            tasks("a"),
            [Change("tasks[1]", REMOVED, {"name": "a"})],
            id="names that are not unique are no names",
        ),
    ],
)
def test_where_two_values_differ(before: Json, after: Json, found: list[Change]) -> None:
    assert list(changes(before, after)) == found


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "a", "b"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_nothing_differs_from_itself(value: Json) -> None:
    assert changes(value, value) == ()


@given(VALUES, VALUES)
def test_what_differs_is_found_and_told_the_other_way_round(one: Json, other: Json) -> None:
    there, back = changes(one, other), changes(other, one)
    assert {change.path for change in there} == {change.path for change in back}
    if not there:
        assert canonical(one) == canonical(other)


def canonical(value: Json) -> str:
    return json.dumps(without_nulls(value), sort_keys=True)


def without_nulls(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_nulls(inner) for inner in value]
    return value
