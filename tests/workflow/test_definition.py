from __future__ import annotations

import json
from typing import Any

import pytest

from tests.validate.packs import check_one
from tests.workflow.bad_workflows import HEAD, A, tasks

LEGACY: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "all four, in Attune's order": (
        "on_timeout: a, on_complete: b, on_failure: c, on_success: d",
        [
            {"when": "{{ succeeded() }}", "do": ["d"]},
            {"when": "{{ failed() }}", "do": ["c"]},
            {"do": ["b"]},
            {"when": "{{ timed_out() }}", "do": ["a"]},
        ],
    ),
    "decision after them": (
        'decision: [{when: "{{ true }}", next: b}, {default: true, next: c}], on_failure: d',
        [
            {"when": "{{ failed() }}", "do": ["d"]},
            {"when": "{{ true }}", "do": ["b"]},
            {"do": ["c"]},
        ],
    ),
    "publish goes to the success": (
        "on_failure: b, on_success: c, publish: [x, {y: 1}]",
        [
            {"when": "{{ succeeded() }}", "publish": ["x", {"y": 1}], "do": ["c"]},
            {"when": "{{ failed() }}", "do": ["b"]},
        ],
    ),
    "publish goes to a decision about success": (
        'on_failure: b, decision: [{when: "{{ succeeded() and true }}", next: c}], publish: [x]',
        [
            {"when": "{{ failed() }}", "do": ["b"]},
            {"when": "{{ succeeded() and true }}", "publish": ["x"], "do": ["c"]},
        ],
    ),
    "publish goes to the first": (
        "on_failure: b, on_timeout: c, publish: [x]",
        [
            {"when": "{{ failed() }}", "publish": ["x"], "do": ["b"]},
            {"when": "{{ timed_out() }}", "do": ["c"]},
        ],
    ),
    "publish alone": ("publish: [x]", [{"when": "{{ succeeded() }}", "publish": ["x"]}]),
    "publish of nothing": ("publish: []", []),
    "next wins": ("next: [{do: [b]}], on_success: c, publish: [x]", [{"do": ["b"]}]),
    "empty next does not": ("next: [], on_complete: c", [{"do": ["c"]}]),
    "empty do is kept": ("next: [{do: []}, {do: ~}, {}]", [{"do": []}, {}, {}]),
    "chart is kept": ("next: [{__chart_meta__: {x: 1}}]", [{"__chart_meta__": {"x": 1}}]),
}  # fmt: skip
OTHERS = tuple(f"{{name: {name}, action: core.echo}}" for name in "bcd")


def _definition(content: str) -> Any:
    (workflow,) = check_one(content).workflows
    return json.loads(workflow.document)["definition"]


@pytest.mark.parametrize("name", LEGACY)
@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_transitions_are_normalised_at_every_depth(name: str, depth: int) -> None:
    fields, expected = LEGACY[name]
    first = f"{{name: a, action: core.echo, {fields}}}"
    each = [first, *OTHERS]
    for level in range(depth):
        each = [f"{{name: p{level}, type: parallel, tasks: [{', '.join(each)}]}}"]
    (task, *_) = _definition(tasks(*each))["tasks"]
    for _ in range(depth):
        task = task["tasks"][0]
    assert task["next"] == expected


def test_has_all_keys_and_defaults() -> None:
    assert _definition(f"{HEAD}ref: demo.w\ntasks: [{A}]\n") == {
        "ref": "demo.w",
        "label": "",
        "description": None,
        "version": "1.0.0",
        "parameters": None,
        "output": None,
        "vars": {},
        "output_map": None,
        "tags": [],
        "tasks": [
            {
                "name": "a",
                "type": "action",
                "action": "core.echo",
                "input": {},
                "permission_set_refs": None,
                "worker_selector": None,
                "worker_tolerations": None,
                "worker_affinity": None,
                "when": None,
                "with_items": None,
                "batch_size": None,
                "concurrency": None,
                "retry": None,
                "timeout": None,
                "next": [],
                "join": None,
                "tasks": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("policy", "stored"),
    [("allow_finish", {}), ("cancel_running", {"cancellation_policy": "cancel_running"})],
)
def test_cancellation_policy_is_stored_unless_default(policy: str, stored: dict[str, str]) -> None:
    found = _definition(f"{HEAD}cancellation_policy: {policy}\ntasks: [{A}]\n")
    assert {key: found[key] for key in found if key == "cancellation_policy"} == stored


@pytest.mark.parametrize("spelling", ["1.0", "010", "0x1F", "true", ".inf", "1" * 40, "12e3"])
def test_text_keeps_the_spelling_of_the_file(spelling: str) -> None:
    """Attune stores the source of a number where it wants a text; quotes make it explicit."""
    (workflow,) = check_one(f"version: {spelling}\ntasks: [{A}]\n").workflows
    assert workflow.version == spelling
