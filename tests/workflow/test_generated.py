"""Any workflow that follows the format is accepted, and its definition says what it said."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.dumping import dump
from tests.validate.packs import check_one

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_OBJECT = st.dictionaries(_TEXT, _JSON, max_size=3)
_U32 = st.integers(0, 2**32 - 1)
_PUBLISH = st.lists(_TEXT | _OBJECT, max_size=2)


def _task(name: str, names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    target = st.sampled_from(names)
    transition = st.fixed_dictionaries(
        {}, optional={"when": _TEXT, "publish": _PUBLISH, "do": st.lists(target, max_size=2)}
    )
    retry = st.fixed_dictionaries(
        {"count": st.integers(1, 100), "delay": st.integers(0, 9)},
        optional={
            "backoff": st.sampled_from(["constant", "linear", "exponential"]),
            "max_delay": st.integers(9, 2**32 - 1),
            "on_error": _TEXT,
        },
    )
    return st.fixed_dictionaries(
        {"name": st.just(name), "action": st.sampled_from(["core.echo", "a-1.b_2"])},
        optional={
            "type": st.sampled_from(["action", "workflow"]),
            "input": _OBJECT,
            "when": _TEXT,
            "with_items": _TEXT,
            "batch_size": st.integers(1, 2**64 - 1),
            "concurrency": st.integers(1, 100),
            "retry": retry,
            "timeout": _U32,
            "next": st.lists(transition, max_size=3),
            "join": st.integers(0, 9),
            "worker_selector": _JSON,
            "worker_affinity": _JSON,
            "permission_set_refs": _JSON,
        },
    )


# The first task leads to all others, so that each is reached whatever else is drawn.
_NAMES = ["first", "second", "third"]
_REST = st.tuples(*(_task(name, _NAMES[1:]) for name in _NAMES[1:]))


@st.composite
def _workflows(draw: st.DrawFn) -> dict[str, Any]:
    first = draw(_task("first", _NAMES[1:]))
    first["next"] = [*first.get("next", []), {"do": _NAMES[1:]}]
    optional = {
        "label": _TEXT,
        "description": _TEXT,
        "vars": st.dictionaries(st.from_regex(r"[a-z_-]{1,5}", fullmatch=True), _JSON, max_size=3),
        "tags": st.lists(_TEXT, max_size=3),
        "parameters": st.just({}) | _OBJECT.map(lambda schema: {**schema, "type": "object"}),
        "output_map": st.dictionaries(_TEXT, _TEXT, max_size=2),
    }
    fields = draw(st.fixed_dictionaries({"version": st.just("1.0.0")}, optional=optional))
    return {**fields, "tasks": [first, *draw(_REST)]}


@settings(deadline=None)  # a shared machine may stall
@given(_workflows())
def test_valid_workflows_are_accepted(workflow: dict[str, Any]) -> None:
    checked = check_one(dump(workflow))
    assert checked.error_count == 0
    (compiled,) = checked.workflows
    form = json.loads(compiled.document)["definition"]
    assert _without_defaults(form, workflow) == workflow


def _without_defaults(form: Any, like: Any) -> Any:
    """`form` with only those keys of the workflow and its parts that `like` has too."""
    if isinstance(form, dict) and isinstance(like, dict):
        return {key: _without_defaults(form.get(key, _EMPTY.get(key)), like[key]) for key in like}
    if isinstance(form, list) and isinstance(like, list) and len(form) == len(like):
        return [_without_defaults(one, other) for one, other in zip(form, like, strict=True)]
    return form


_EMPTY: dict[str, Any] = {"publish": []}
"""What Attune's form leaves out when it is empty."""
