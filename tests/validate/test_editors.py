"""The schemas for editors: no stricter than the check, and as strict as JSON Schema can say it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from controller.load.tree import parse
from controller.pack.report import Report
from controller.validate.editors import Kind, editor_schema
from tests.validate.packs import MANIFEST, TASK, check, check_one
from tests.workflow.strategies import WORKFLOW, Data

ROOT = Path(__file__).parents[2]
TOUR = ROOT / "examples" / "packs" / "tour"
EXAMPLES = sorted(TOUR.glob("**/workflows/*.yaml"))
CASES = sorted((ROOT / "tests" / "conformance" / "cases").iterdir())
VALIDATORS = {kind: Draft202012Validator(editor_schema(kind)) for kind in Kind}

V = 'version: "1.0.0"\n'
A = "name: a, action: core.echo"


def _data(content: str) -> Any:
    document = parse(content, Report("file"))
    assert document is not None
    return document.root.value


def _passes(kind: Kind, content: str) -> bool:
    return VALIDATORS[kind].is_valid(_data(content))


@pytest.mark.parametrize("kind", Kind)
def test_is_a_schema_of_which_every_part_is_there(kind: Kind) -> None:
    schema = editor_schema(kind)
    Draft202012Validator.check_schema(schema)
    referred = {one.removeprefix("#/$defs/") for one in _values(schema, "$ref")}
    assert referred == schema.get("$defs", {}).keys()


@pytest.mark.parametrize("kind", Kind)
def test_every_field_says_what_it_is_for(kind: Kind) -> None:
    for properties in _values(editor_schema(kind), "properties"):
        described = [one for one in properties.values() if "description" in one]
        assert not described or len(described) == len(properties)
        assert all(one["description"].endswith(".") for one in described)


def _values(value: Any, key: str) -> list[Any]:
    """What stands under `key`, at any depth."""
    if isinstance(value, list):
        return [found for item in value for found in _values(item, key)]
    if not isinstance(value, dict):
        return []
    here = [value[key]] if key in value else []
    return here + [found for item in value.values() for found in _values(item, key)]


@pytest.mark.parametrize("path", [*CASES, *EXAMPLES], ids=lambda path: path.name)
def test_what_is_accepted_passes(path: Path) -> None:
    data = path.read_bytes()
    ref = "tour" if path in EXAMPLES else "p"
    accepted = check({f"workflows/{path.name}": data}, expected_ref=ref, manifest=None).workflows
    if accepted:
        assert [*VALIDATORS[Kind.WORKFLOW].iter_errors(_data(data.decode("utf-8-sig")))] == []


def test_pack_of_the_tour_passes() -> None:
    assert _passes(Kind.PACK, (TOUR / "pack.yaml").read_text())


@settings(deadline=None)  # a shared machine may stall
@given(WORKFLOW)
def test_any_valid_workflow_passes(workflow: Data) -> None:
    assert [*VALIDATORS[Kind.WORKFLOW].iter_errors(workflow)] == []


ACTION = """
ref: demo.greet
label: Greet
enabled: true
runner_type: shell
entry_point: greet.sh
parameter_format: dotenv
parameters:
  who: {type: string, required: true}
output_schema: {greeting: {type: string}}
timeout: 60
tags: [hello, 1]
"""


def test_an_action_passes() -> None:
    assert check({"actions/greet.yaml": ACTION}).error_count == 0
    assert _passes(Kind.ACTION, ACTION)


REFUSED = {
    "a list": "- a\n",
    "no version": TASK,
    "version is null": f"version: ~\n{TASK}",
    "version is empty": f'version: ""\n{TASK}',
    "version too long": f"version: {'1' * 30}.{'1' * 30}.1\n{TASK}",
    "version is a list": f"version: [1]\n{TASK}",
    "no tasks": V,
    "tasks are null": f"{V}tasks: ~\n",
    "tasks are empty": f"{V}tasks: []\n",
    "tasks as an object": f"{V}tasks: {{{A}}}\n",
    "task is a text": f"{V}tasks: [a]\n",
    "ref with capitals": f"{V}{TASK}ref: Demo.a\n",
    "ref without a dot": f"{V}{TASK}ref: demo\n",
    "label too long": f"{V}{TASK}label: {'x' * 256}\n",
    "parameters are a list": f"{V}{TASK}parameters: []\n",
    "parameters are neither form": f"{V}{TASK}parameters: {{a: b}}\n",
    "parameter without a type": f"{V}{TASK}parameters: {{a: {{default: 1}}}}\n",
    "variable with a space": f"{V}{TASK}vars: {{a b: 1}}\n",
    "variables as a list": f"{V}{TASK}vars: [a]\n",
    "tags as a text": f"{V}{TASK}tags: a\n",
    "tags of objects": f"{V}{TASK}tags: [{{a: b}}]\n",
    "output_map of lists": f"{V}{TASK}output_map: {{a: [b]}}\n",
    "policy unknown": f"{V}{TASK}cancellation_policy: kill\n",
    "task without a name": f"{V}tasks: [{{action: core.echo}}]\n",
    "task with a blank name": f'{V}tasks: [{{name: " ", action: core.echo}}]\n',
    "task without an action": f"{V}tasks: [{{name: a}}]\n",
    "task whose action is null": f"{V}tasks: [{{name: a, action: ~}}]\n",
    "workflow task without an action": f"{V}tasks: [{{name: a, type: workflow}}]\n",
    "action with capitals": f"{V}tasks: [{{name: a, action: Core.echo}}]\n",
    "action of three parts": f"{V}tasks: [{{name: a, action: a.b.c}}]\n",
    "type unknown": f"{V}tasks: [{{{A}, type: loop}}]\n",
    "parallel without tasks": f"{V}tasks: [{{name: a, type: parallel}}]\n",
    "parallel with no task": f"{V}tasks: [{{name: a, type: parallel, tasks: []}}]\n",
    "sub-task without a name": f"{V}tasks: [{{name: a, type: parallel, tasks: [{{}}]}}]\n",
    "input as a list": f"{V}tasks: [{{{A}, input: [1]}}]\n",
    "timeout as a text": f"{V}tasks: [{{{A}, timeout: 30s}}]\n",
    "timeout below zero": f"{V}tasks: [{{{A}, timeout: -1}}]\n",
    "timeout beyond 32 bits": f"{V}tasks: [{{{A}, timeout: 4294967296}}]\n",
    "join of a part": f"{V}tasks: [{{{A}, join: 1.5}}]\n",
    "no items in a batch": f"{V}tasks: [{{{A}, with_items: x, batch_size: 0}}]\n",
    "retry as a number": f"{V}tasks: [{{{A}, retry: 3}}]\n",
    "retry without a delay": f"{V}tasks: [{{{A}, retry: {{count: 1}}}}]\n",
    "retry that never tries": f"{V}tasks: [{{{A}, retry: {{count: 0, delay: 1}}}}]\n",
    "backoff unknown": f"{V}tasks: [{{{A}, retry: {{count: 1, delay: 1, backoff: slow}}}}]\n",
    "next as a text": f"{V}tasks: [{{{A}, next: a}}]\n",
    "transition as a text": f"{V}tasks: [{{{A}, next: [a]}}]\n",
    "do as a text": f"{V}tasks: [{{{A}, next: [{{do: a}}]}}]\n",
    "publish a number": f"{V}tasks: [{{{A}, next: [{{publish: [1]}}]}}]\n",
    "publish an object": f"{V}tasks: [{{{A}, publish: {{a: b}}}}]\n",
    "on_success as a list": f"{V}tasks: [{{{A}, on_success: [a]}}]\n",
    "decision as an object": f"{V}tasks: [{{{A}, decision: {{next: a}}}}]\n",
    "branch without next": f"{V}tasks: [{{{A}, decision: [{{when: x}}]}}]\n",
    "default as a name": f"{V}tasks: [{{{A}, decision: [{{default: a, next: a}}]}}]\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_check_refuses_for_its_form_fails(name: str) -> None:
    content = REFUSED[name]
    assert check_one(content).error_count
    assert not _passes(Kind.WORKFLOW, content)


REFUSED_PACKS = {
    "no ref": V,
    "ref with capitals": f"ref: Demo\n{V}",
    "no version": "ref: demo\n",
    "config as a list": f"{MANIFEST}config: []\n",
    "tags as a text": f"{MANIFEST}tags: a\n",
    "label as an object": f"ref: demo\n{V}label: {{a: b}}\n",
}


@pytest.mark.parametrize("name", REFUSED_PACKS)
def test_a_pack_that_the_check_refuses_for_its_form_fails(name: str) -> None:
    content = REFUSED_PACKS[name]
    assert check({}, manifest=content).error_count
    assert not _passes(Kind.PACK, content)


REFUSED_ACTIONS = {
    "neither ref nor name": "entry_point: a.sh\n",
    "ref with capitals": "ref: Demo.greet\n",
    "parameters as a list": "ref: demo.greet\nparameters: [a]\n",
    "parameter without a type": "ref: demo.greet\nparameters: {a: {default: 1}}\n",
    "enabled as a text": "ref: demo.greet\nenabled: 'yes'\n",
    "no format": "ref: demo.greet\noutput_format: xml\n",
    "no time": "ref: demo.greet\ntimeout: 0\n",
}


@pytest.mark.parametrize("name", REFUSED_ACTIONS)
def test_an_action_that_the_check_refuses_for_its_form_fails(name: str) -> None:
    content = REFUSED_ACTIONS[name]
    assert check({"actions/greet.yaml": content}).error_count
    assert not _passes(Kind.ACTION, content)


@pytest.mark.parametrize(
    "content",
    [f"version: 1.0\n{TASK}", f"{V}{TASK}lable: x\n", f"{V}{TASK}tags: [~, 1]\nlabel: ~\n"],
    ids=["number for text", "unknown field", "null"],
)
def test_what_the_check_only_warns_of_passes(content: str) -> None:
    checked = check_one(content)
    assert checked.diagnostics
    assert not checked.error_count
    assert _passes(Kind.WORKFLOW, content)
