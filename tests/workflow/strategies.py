"""Any workflow that follows the format, as plain data, for hypothesis to draw."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Data = dict[Any, Any]

NAMES = ("first", "second", "third")
"""The tasks of a generated workflow; `third` may be a parallel one with tasks of its own."""

INNER = ("left", "right")

# Something named `_` would give a meaning to `{{ _.a }}`, which is among the mistakes.
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0{_"), max_size=12)
_VARIABLE = st.from_regex(r"[a-z][a-z_-]{0,4}", fullmatch=True)
_OPERATORS = ("or", "and", "==", "!=", "<", ">", "<=", ">=", "in", "+", "-", "*", "/", "%")
_LEAVES = (
    "1",
    "-2.5",
    "'a text'",
    '"another"',
    "true",
    "null",
    "parameters.anything",
    "workflow['anything']",
    "task.first.result",
    "result()",
    "[1, 2,]",
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operations = st.tuples(inner, st.sampled_from(_OPERATORS), inner).map(" ".join)
    return (
        operations.map("({})".format)
        | inner.map("length({})".format)
        | inner.map("(not {})".format)
        | st.tuples(inner, inner).map(lambda pair: f"[{pair[0]}][{pair[1]}]")
        | st.tuples(inner, inner).map(lambda pair: f"max({pair[0]}, {pair[1]})")
    )


EXPRESSION = st.recursive(st.sampled_from(_LEAVES), _grown, max_leaves=5)
_TEMPLATE = EXPRESSION.map("{{{{ {} }}}}".format)
_PLAIN_OR_TEMPLATE = _TEXT | _TEMPLATE | st.tuples(_TEXT, _TEMPLATE, _TEXT).map("".join)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | _PLAIN_OR_TEMPLATE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_OBJECT = st.dictionaries(_TEXT, _JSON, max_size=3)
_U32 = st.integers(0, 2**32 - 1)
_PUBLISH = st.lists(_TEXT | _OBJECT, max_size=2)
_RETRY = st.fixed_dictionaries(
    {"count": st.integers(1, 100), "delay": st.integers(0, 9)},
    optional={
        "backoff": st.sampled_from(["constant", "linear", "exponential"]),
        "max_delay": st.integers(9, 2**32 - 1),
        "on_error": _PLAIN_OR_TEMPLATE,
    },
)


def _task(name: str, targets: tuple[str, ...]) -> st.SearchStrategy[Data]:
    transition = st.fixed_dictionaries(
        {},
        optional={
            "when": _PLAIN_OR_TEMPLATE,
            "publish": _PUBLISH,
            "do": st.lists(st.sampled_from(targets), max_size=2),
        },
    )
    return st.fixed_dictionaries(
        {"name": st.just(name), "action": st.sampled_from(["core.echo", "a-1.b_2"])},
        optional={
            "type": st.sampled_from(["action", "workflow"]),
            "input": _OBJECT,
            "when": _PLAIN_OR_TEMPLATE,
            "with_items": _PLAIN_OR_TEMPLATE,
            "batch_size": st.integers(1, 2**64 - 1),
            "concurrency": st.integers(1, 100),
            "retry": _RETRY,
            "timeout": _U32,
            "next": st.lists(transition, max_size=3),
            "join": st.integers(0, 9),
            "worker_selector": _JSON,
            "worker_affinity": _JSON,
            "permission_set_refs": _JSON,
        },
    )


def _leading(task: Data, targets: tuple[str, ...]) -> Data:
    """The task, with a transition to each of `targets`: so they are reached whatever is drawn."""
    return {**task, "next": [*task.get("next", []), {"do": list(targets)}]}


_INNER = st.tuples(
    _task(INNER[0], INNER[1:]).map(lambda task: _leading(task, INNER[1:])),
    _task(INNER[1], INNER[1:]),
).map(list)
_PARALLEL = st.fixed_dictionaries(
    {"name": st.just(NAMES[2]), "type": st.just("parallel"), "tasks": _INNER},
    optional={"when": _PLAIN_OR_TEMPLATE, "timeout": _U32},
)
_FIRST = _task(NAMES[0], NAMES[1:]).map(lambda task: _leading(task, NAMES[1:]))
_TASKS = st.tuples(_FIRST, _task(NAMES[1], NAMES[1:]), _task(NAMES[2], NAMES[1:]) | _PARALLEL).map(
    list
)

WORKFLOW: st.SearchStrategy[Data] = st.fixed_dictionaries(
    {"version": st.just("1.0.0"), "tasks": _TASKS},
    optional={
        "label": _TEXT,
        "description": _TEXT,
        "vars": st.dictionaries(_VARIABLE, _JSON, max_size=3),
        "tags": st.lists(_TEXT, max_size=3),
        "parameters": st.just({}) | _OBJECT.map(lambda schema: {**schema, "type": "object"}),
        "output_map": st.dictionaries(_TEXT, _PLAIN_OR_TEMPLATE, max_size=2),
    },
)
