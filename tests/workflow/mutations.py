"""Single mistakes that can be made in any valid workflow, and the code that each must get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tests.load.dumping import Again
from tests.workflow.strategies import Data

Path = tuple[str | int, ...]


class At(Enum):
    """Which object of a workflow is changed."""

    WORKFLOW = "workflow"
    TASK = "task"
    CALL = "task that is not parallel"
    ANY = "object"


@dataclass(frozen=True)
class Mutation:
    """`change` makes the mistake in an object, and gives the path from it to what is wrong."""

    code: str
    at: At
    change: Callable[[Data], Path]


def _sets(
    field: str,
    value: object,
    *blamed: str | int,
    without: tuple[str, ...] = (),
    beside: Data | None = None,
) -> Callable[[Data], Path]:
    """`field` gets `value`, in which the part at `blamed` is wrong, in this company."""

    def change(target: Data) -> Path:
        for name in without:
            target.pop(name, None)
        target.update({**(beside or {}), field: value})
        return (field, *blamed)

    return change


def _removes(field: str) -> Callable[[Data], Path]:
    def change(target: Data) -> Path:
        del target[field]
        return ()

    return change


def _loses_tasks(target: Data) -> Path:
    target.pop("tasks", None)
    target["type"] = "parallel"
    return ()


def _doubles(target: Data) -> Path:
    key = next(iter(target))
    target[Again(key)] = 1
    return (key,)


def _adds_task(*more: Data) -> Callable[[Data], Path]:
    def change(target: Data) -> Path:
        target["tasks"] += more
        return ("tasks", len(target["tasks"]) - 1)

    return change


_TRANSITIONS = ("next", "on_success", "decision", "publish")
_ECHO: Data = {"action": "core.echo"}
_RETRY: Data = {"count": 3, "delay": 1}
_BRANCH: Data = {"when": "{{ true }}", "next": "second"}
_LONG = "x" * 256


def _retry(code: str, field: str, value: object) -> Mutation:
    return Mutation(code, At.TASK, _sets("retry", {**_RETRY, field: value}, field))


def _input(code: str, value: object) -> Mutation:
    return Mutation(code, At.TASK, _sets("input", {"a": [value]}, "a", 0))


def _wrong(at: At, value: object, *fields: str) -> dict[str, Mutation]:
    return {
        f"{at.value}: {field} of a wrong type": Mutation("ATT203", at, _sets(field, value))
        for field in fields
    }


def _expressions(code: str, *texts: str) -> dict[str, Mutation]:
    return {f"expression: {text}": Mutation(code, At.TASK, _sets("when", text)) for text in texts}


_BAD = "a {{ 1 + }}"

MUTATIONS: dict[str, Mutation] = {
    "no version": Mutation("ATT202", At.WORKFLOW, _removes("version")),
    "no tasks": Mutation("ATT202", At.WORKFLOW, _removes("tasks")),
    "no name": Mutation("ATT202", At.TASK, _removes("name")),
    "no action": Mutation("ATT202", At.CALL, _removes("action")),
    "no sub-tasks": Mutation("ATT202", At.TASK, _loses_tasks),
    "no count": Mutation("ATT202", At.TASK, _sets("retry", {"delay": 1})),
    "no delay": Mutation("ATT202", At.TASK, _sets("retry", {"count": 1})),
    **_wrong(At.WORKFLOW, [], "ref", "label", "description", "version"),
    **_wrong(At.WORKFLOW, "x", "parameters", "output", "vars", "output_map", "tags", "tasks"),
    **_wrong(At.WORKFLOW, {}, "cancellation_policy"),
    **_wrong(At.TASK, {}, "name", "when", "with_items", "type"),
    **_wrong(At.CALL, [], "action"),
    **_wrong(At.TASK, "x", "input", "retry", "next", "timeout", "join", "batch_size"),
    **_wrong(At.TASK, 1.5, "timeout", "join", "concurrency"),
    "version: empty": Mutation("ATT204", At.WORKFLOW, _sets("version", "")),
    "version: too long": Mutation("ATT204", At.WORKFLOW, _sets("version", _LONG)),
    "version: a number": Mutation("ATT207", At.WORKFLOW, _sets("version", 1.5)),
    "version: not semantic": Mutation("ATT212", At.WORKFLOW, _sets("version", "latest")),
    "label: too long": Mutation("ATT204", At.WORKFLOW, _sets("label", _LONG)),
    "ref: of another pack": Mutation("ATT503", At.WORKFLOW, _sets("ref", "other.w")),
    "ref: in capitals": Mutation("ATT504", At.WORKFLOW, _sets("ref", "demo.W")),
    "ref: without a dot": Mutation("ATT504", At.WORKFLOW, _sets("ref", "demo")),
    "parameters: no schema": Mutation("ATT208", At.WORKFLOW, _sets("parameters", {"a": 1}, "a")),
    "vars: bad name": Mutation("ATT209", At.WORKFLOW, _sets("vars", {"a b": 1}, "a b")),
    "output_map: null": Mutation("ATT210", At.WORKFLOW, _sets("output_map", {"a": None}, "a")),
    "tags: null": Mutation("ATT210", At.WORKFLOW, _sets("tags", ["a", None], 1)),
    "tasks: none": Mutation("ATT204", At.WORKFLOW, _sets("tasks", [])),
    "cancellation_policy: unknown": Mutation(
        "ATT205", At.WORKFLOW, _sets("cancellation_policy", "never")
    ),
    "unknown field of a workflow": Mutation("ATT206", At.WORKFLOW, _sets("outputs", {})),
    "unknown field of a task": Mutation("ATT206", At.TASK, _sets("on-success", "first")),
    "unknown field of a retry": _retry("ATT206", "retries", 1),
    "unknown field of a transition": Mutation(
        "ATT206", At.TASK, _sets("next", [{"doo": []}], 0, "doo")
    ),
    "name: blank": Mutation("ATT213", At.TASK, _sets("name", " ")),
    "name: too long": Mutation("ATT213", At.TASK, _sets("name", _LONG)),
    "name: reserved": Mutation("ATT302", At.TASK, _sets("name", "item")),
    "name: a namespace": Mutation("ATT303", At.TASK, _sets("name", "keystore")),
    "name: twice": Mutation("ATT301", At.WORKFLOW, _adds_task({**_ECHO, "name": "second"})),
    "task: never reached": Mutation(
        "ATT305",
        At.WORKFLOW,
        _adds_task({**_ECHO, "name": "lost", "next": [{"do": ["lost"]}]}),
    ),
    "type: unknown": Mutation("ATT205", At.TASK, _sets("type", "loop")),
    "action: without a dot": Mutation("ATT505", At.TASK, _sets("action", "echo")),
    "action: in capitals": Mutation("ATT505", At.TASK, _sets("action", "Core.echo")),
    "when: a boolean": Mutation("ATT207", At.TASK, _sets("when", value=True)),
    "batch_size: none": Mutation(
        "ATT204", At.TASK, _sets("batch_size", 0, beside={"with_items": "x"})
    ),
    "batch_size: without items": Mutation(
        "ATT307", At.TASK, _sets("batch_size", 1, without=("with_items",))
    ),
    "timeout: below the bound": Mutation("ATT204", At.TASK, _sets("timeout", -1)),
    "timeout: above the bound": Mutation("ATT204", At.TASK, _sets("timeout", 2**32)),
    "join: never": Mutation("ATT306", At.TASK, _sets("join", 99)),
    "retry: count below the bound": _retry("ATT204", "count", 0),
    "retry: count above the bound": _retry("ATT204", "count", 101),
    "retry: delay below the bound": _retry("ATT204", "delay", -1),
    "retry: backoff unknown": _retry("ATT205", "backoff", "Linear"),
    "retry: max_delay below delay": _retry("ATT308", "max_delay", 0),
    "target: nowhere": Mutation(
        "ATT304", At.TASK, _sets("next", [{"do": ["second", "nowhere"]}], 0, "do", 1)
    ),
    "target: nowhere, legacy": Mutation(
        "ATT304", At.TASK, _sets("on_success", "nowhere", without=_TRANSITIONS)
    ),
    "legacy beside next": Mutation(
        "ATT309", At.TASK, _sets("on_success", "first", beside={"next": [{}]})
    ),
    "decision: two defaults": Mutation(
        "ATT310",
        At.TASK,
        _sets("decision", [{**_BRANCH, "default": True}] * 2, 1, "default", without=_TRANSITIONS),
    ),
    "decision: no condition": Mutation(
        "ATT311", At.TASK, _sets("decision", [_BRANCH, {"next": "x"}], 1, without=_TRANSITIONS)
    ),
    "decision: a default": Mutation(
        "ATT312",
        At.TASK,
        _sets("decision", [{"default": True, "next": "x"}], 0, "default", without=_TRANSITIONS),
    ),
    "sub-tasks of an action": Mutation(
        "ATT313", At.CALL, _sets("tasks", [{**_ECHO, "name": "sub"}])
    ),
    "permissions under both names": Mutation(
        "ATT211",
        At.TASK,
        _sets("permission_set_ref", "a", beside={"permission_set_refs": ["a"]}),
    ),
    "a key twice": Mutation("ATT102", At.ANY, _doubles),
    "a key that is no text": Mutation("ATT106", At.TASK, _sets("input", {1: 2})),
    "a number beyond 64 bits": _input("ATT107", 2**64),
    "infinity": _input("ATT107", float("inf")),
    "a NUL": _input("ATT108", "a\0b"),
    **_expressions("ATT401", "{{ 1 + }}", "{{ (1 }}", "{{ 'open }}", "{{ 1 2 }}"),
    **_expressions(
        "ATT402", "{{ [1] | join(', ') }}", "{{ ctx('a') }}", "{{ _.a }}", "{{ 1 = 1 }}"
    ),
    **_expressions("ATT403", "<% ctx().a %>", "{% if a %}"),
    **_expressions("ATT404", "{{ paramters.a }}"),
    **_expressions("ATT405", "{{ lenght([]) }}"),
    **_expressions("ATT406", "{{ length() }}", "{{ replace('a', 'b') }}"),
    **_expressions("ATT409", "{{ task.nobody.result }}"),
    **_expressions("ATT410", "{{ 1", "{{ 1 }} {{"),
    **_expressions("ATT411", "{{ match('(', 'a') }}"),
    "expression: a parameter's bare name": Mutation(
        "ATT407",
        At.WORKFLOW,
        _sets(
            "output_map",
            {"a": "{{ Given }}"},
            "a",
            beside={"parameters": {"Given": {"type": "string"}}},
        ),
    ),
    "expression: no item": Mutation(
        "ATT408", At.WORKFLOW, _sets("output_map", {"a": "{{ item }}"}, "a")
    ),
    "expression in an input": _input("ATT401", _BAD),
    "expression in with_items": Mutation("ATT401", At.TASK, _sets("with_items", _BAD)),
    "expression in on_error": _retry("ATT401", "on_error", _BAD),
    "expression in a transition": Mutation(
        "ATT401", At.TASK, _sets("next", [{"when": _BAD}], 0, "when")
    ),
    "expression in what is published": Mutation(
        "ATT401", At.TASK, _sets("next", [{"publish": [{"a": _BAD}]}], 0, "publish", 0, "a")
    ),
    "expression in output_map": Mutation(
        "ATT401", At.WORKFLOW, _sets("output_map", {"a": _BAD}, "a")
    ),
}
