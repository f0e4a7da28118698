"""Calls held against what the pack and a database have: what is said, and at which words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from controller.pack.content import Json
from controller.pack.diagnostic import Diagnostic, Level, Severity
from controller.pack.tree import EntryKind
from controller.validate import Known
from tests.validate.packs import WORKFLOW, Content, check

FILE = "workflows/w.yaml"
NOTIFY = """\
ref: demo.notify
runner_type: shell
entry_point: notify.sh
parameters:
  channel: {type: string, required: true}
  message: {type: string, default: done}
  count: {type: integer}
  ratio: {type: number}
  level: {type: string, enum: [info, warning, error]}
  code: {type: [number, boolean, 'null'], enum: [0, 1, true, null]}
  urgent: {type: boolean}
  people: {type: array}
  extra: {type: object}
  free: {type: [string, array]}
"""
PACK: dict[str, Content] = {"actions/notify.yaml": NOTIFY, "actions/notify.sh": "#!/bin/sh\n"}


class Found(NamedTuple):
    """A diagnostic as its code, its place in the document, and the words it underlines."""

    code: str
    path: str
    words: str


def workflow(*tasks: str, head: str = "") -> str:
    """A workflow with a task of each of these fields, as flow mappings without name."""
    listed = "".join(f"  - {{name: t{at}, {task}}}\n" for at, task in enumerate(tasks))
    return f'version: "1.0.0"\n{head}tasks:\n{listed}'


def find(files: Mapping[str, Content], *, known: Known | None = None) -> list[Found]:
    everything = {**PACK, **files}
    return [_found(one, everything) for one in check(everything, known=known).diagnostics]


def _found(one: Diagnostic, files: Mapping[str, Content]) -> Found:
    assert one.hint
    content = files[one.file]
    assert isinstance(content, str)
    line = content.splitlines()[one.span.line - 1]
    assert one.span.end_line == one.span.line
    words = line[one.span.column - 1 : one.span.end_column - 1]
    return Found(one.rule.code, one.path, words)


def call(ref: str, inputs: str = "") -> str:
    given = f", input: {{{inputs}}}" if inputs else ""
    return f"action: {ref}{given}"


@pytest.mark.parametrize("known", [None, {}], ids=["no database", "empty database"])
@pytest.mark.parametrize("ref", ["demo.notfy", "demo.wholly_different"])
def test_a_missing_action_of_the_own_pack(ref: str, known: Known | None) -> None:
    found = find({FILE: workflow(call("demo.notify", "channel: a"), call(ref))}, known=known)
    assert found == [("ATT511", "tasks[1].action", ref)]


def test_a_missing_action_is_compared_by_its_name_alone() -> None:
    """The pack's ref, which all of them begin with, makes no two names alike."""
    files = {**PACK, FILE: workflow(call("demo.notfy"), call("demo.x"))}
    first, second = check(files).diagnostics
    assert first.hint == "Did you mean `demo.notify`?"
    assert second.hint == "Add `actions/x.yaml`, or correct the ref."


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("workflows/there.yaml", WORKFLOW),
        ("actions/workflows/there.yaml", WORKFLOW),
        ("workflows/other.yaml", f"ref: demo.there\n{WORKFLOW}"),
        ("actions/there.yaml", "ref: demo.there\n"),
        ("actions/there.yaml", "name: there\n"),
        ("actions/other.yaml", "ref: demo.there\n"),
        ("actions/other.yaml", "ref: demo.there\nlabel: [\n"),
        ("actions/there.yaml", "label: [\n"),
        ("actions/there.yaml", "label: There\n"),
        ("actions/there.yaml", "ref: [there]\n"),
        ("actions/there.yaml", "- there\n"),
        ("actions/there.yaml", b"\xff"),
        ("workflows/there.yaml", "tasks: [\n"),
        ("workflows/there.yaml", "version: 1\n"),
        ("workflows/there.yaml", EntryKind.SYMLINK),
        ("actions/there.yaml", EntryKind.SYMLINK),
        ("workflows/there.yaml", "#" * 1024 * 1025),
    ],
)
def test_what_a_file_defines_or_would_is_not_missing(path: str, content: Content) -> None:
    files = {path: content, FILE: workflow("type: workflow, action: demo.there")}
    assert "ATT511" not in [one.rule.code for one in check(files).diagnostics]


def test_a_file_nobody_can_read_stands_for_its_own_name_only() -> None:
    files: dict[str, Content] = {"actions/a.yaml": "[\n", FILE: workflow(call("demo.b"))}
    assert "ATT511" in [one.rule.code for one in check(files).diagnostics]


def test_an_action_made_by_hand_in_the_database_is_not_missing() -> None:
    files = {FILE: workflow(call("demo.by_hand"))}
    assert find(files, known={"demo.by_hand": None}) == []


def test_an_action_of_another_pack_is_looked_for_in_the_database_only() -> None:
    files = {FILE: workflow(call("core.echo"), call("core.ehco"))}
    assert find(files) == []
    assert find(files, known={"core.echo": None}) == [("ATT512", "tasks[1].action", "core.ehco")]


def test_nothing_is_missing_where_nobody_knows_the_pack() -> None:
    checked = check({FILE: workflow(call("demo.x"))}, manifest=None, known={})
    assert [one.rule.code for one in checked.diagnostics] == ["ATT601"]


@pytest.mark.parametrize(
    ("level", "severity"), [(Level.ERROR, [Severity.ERROR]), (Level.IGNORE, [])]
)
def test_unknown_actions_are_what_the_operator_makes_of_them(
    level: Level, severity: list[Severity]
) -> None:
    checked = check({FILE: workflow(call("core.echo"))}, known={}, levels={"ATT512": level})
    assert [one.severity for one in checked.diagnostics] == severity
    assert [one.file for one in checked.invalid] == [FILE for _ in severity]


def test_a_missing_action_can_be_lowered() -> None:
    checked = check({FILE: workflow(call("demo.x"))}, levels={"ATT511": Level.WARN})
    assert checked.error_count == 0
    assert [one.ref for one in checked.workflows] == ["demo.w"]


FITS = {
    "all there is": (
        "channel: a, message: b, count: 1, ratio: 1.5, level: info, code: 0, urgent: true,"
        " people: [1], extra: {a: 1}, free: [x]"
    ),
    "what is required": "channel: a",
    "templates": (
        "channel: '{{ item }}', count: '{{ 1 }}', urgent: 'x{{ 1 }}', level: '{{ 1 }}', people:"
        " '{{ 1 }}'"
    ),
    "an integer for a number": "channel: a, ratio: 3",
    "a whole number for an integer": "channel: a, count: 2.0",
    "a number in exponential form": "channel: a, count: 1e3",
    "null for what is optional": "channel: a, count: ~, level: ~, message: null",
    "null that is a choice": "channel: a, code: ~",
    "a long text": f"channel: {'x' * 500}",
    "a text with more than one line": 'channel: "a\\nb"',
}


@pytest.mark.parametrize("inputs", FITS.values(), ids=FITS)
def test_inputs_that_fit(inputs: str) -> None:
    task = f"with_items: '[1]', {call('demo.notify', inputs)}"
    assert find({FILE: workflow(task)}) == []


MISFITS = {
    "required is missing": ("", [("ATT513", "channel", "demo.notify")]),
    "required is misspelt": ("chanel: a", [("ATT513", "chanel", "chanel")]),
    "unknown beside missing": (
        "other: a",
        [("ATT513", "channel", "demo.notify"), ("ATT514", "other", "other")],
    ),
    "unknown": ("channel: a, mesage: b", [("ATT514", "mesage", "mesage")]),
    "unknown in quotes": ('channel: a, "mesage": b', [("ATT514", "mesage", '"mesage"')]),
    "a number for a text": ("channel: 5", [("ATT515", "channel", "5")]),
    "null for what is required": ("channel: ~", [("ATT515", "channel", "~")]),
    "a text for an integer": ('channel: a, count: "5"', [("ATT515", "count", '"5"')]),
    "a fraction for an integer": ("channel: a, count: 1.5", [("ATT515", "count", "1.5")]),
    "a boolean for an integer": ("channel: a, count: true", [("ATT515", "count", "true")]),
    "a text for a number": ("channel: a, ratio: high", [("ATT515", "ratio", "high")]),
    "a text for a boolean": ('channel: a, urgent: "no"', [("ATT515", "urgent", '"no"')]),
    "a text for a list": ("channel: a, people: me", [("ATT515", "people", "me")]),
    "an object for a list": ("channel: a, people: {a: 1}", [("ATT515", "people", "{")]),
    "a list for an object": ("channel: a, extra: [1]", [("ATT515", "extra", "[")]),
    "no choice": ("channel: a, level: warn", [("ATT515", "level", "warn")]),
    "no choice, though equal in Python": ("channel: a, code: 0.5", [("ATT515", "code", "0.5")]),
    "no choice, not even by type": ("channel: a, code: false", [("ATT515", "code", "false")]),
}


@pytest.mark.parametrize(("inputs", "expected"), MISFITS.values(), ids=MISFITS)
def test_inputs_that_do_not_fit(inputs: str, expected: list[tuple[str, str, str]]) -> None:
    found = find({FILE: workflow(call("demo.notify", inputs))})
    assert sorted(found) == [
        (code, f"tasks[0].input.{name}", words) for code, name, words in expected
    ]


HINTS = {
    "chanel: a": "Did you mean `channel`?",
    "": "Add `channel` to the task's `input`: a text.",
    "channel: a, mesage: b": "Did you mean `message`?",
    "channel: 5": 'Write "5" in quotes.',
    'channel: a, count: "5"': "Write `5` without quotes.",
    'channel: a, ratio: "5"': "Write `5` without quotes.",
    'channel: a, urgent: "false"': "Write `false` without quotes.",
    "channel: a, urgent: no": "Give it `true` or `false`.",
    "channel: a, count: [1]": "Give it an integer.",
    "channel: ~": "Give it a text.",
    "channel: a, level: warnin": "Did you mean `warning`?",
    "channel: a, level: x": "Use one of those.",
}


@pytest.mark.parametrize("inputs", HINTS)
def test_what_to_do_about_an_input(inputs: str) -> None:
    (one,) = check({**PACK, FILE: workflow(call("demo.notify", inputs))}).diagnostics
    assert one.hint == HINTS[inputs]


def test_what_is_wrong_with_an_input_names_all_that_is_needed() -> None:
    inputs = "channel: 5, level: " + "x" * 64
    first, second = check({**PACK, FILE: workflow(call("demo.notify", inputs))}).diagnostics
    assert first.message == "`channel` of `demo.notify` must be a text, not `5`"
    assert second.message.startswith(
        "`level` of `demo.notify` must be one of `info`, `warning`, `error`, not the text `xxx"
    )
    assert len(second.message) < 160


def test_an_input_that_is_no_choice_in_full() -> None:
    """Only the beginning of a text is kept: more than that nobody compares."""
    long = "x" * 300
    action = f"ref: demo.pick\nparameters: {{one: {{type: string, enum: [{long}]}}}}\n"
    files = {"actions/pick.yaml": action, FILE: workflow(call("demo.pick", f"one: {long}"))}
    assert find(files) == []


_FLAT = "parameters: {who: {type: string, required: true}}\n"
_SCHEMA: dict[str, Json] = {
    "type": "object",
    "properties": {"who": {"type": "string"}},
    "required": ["who"],
}
CALLEES: dict[str, tuple[dict[str, Content], dict[str, Json]]] = {
    "action": ({"actions/c.yaml": f"ref: demo.c\n{_FLAT}"}, {}),
    "workflow": ({"workflows/c.yaml": _FLAT + WORKFLOW}, {}),
    "JSON Schema": ({"workflows/c.yaml": f"parameters: {json.dumps(_SCHEMA)}\n{WORKFLOW}"}, {}),
    "database": ({}, {"demo.c": _SCHEMA}),
}


@pytest.mark.parametrize(("files", "known"), CALLEES.values(), ids=CALLEES)
@pytest.mark.parametrize("kind", ["action", "workflow"])
def test_wherever_the_parameters_come_from(
    kind: str, files: dict[str, Content], known: dict[str, Json]
) -> None:
    caller = workflow(
        f"type: {kind}, {call('demo.c')}", f"type: {kind}, {call('demo.c', 'who: me')}"
    )
    found = find({**files, FILE: caller}, known={"core.echo": None, **known})
    assert found == [("ATT513", "tasks[0].input.who", "demo.c")]


UNTOLD: dict[str, str] = {
    "no parameters": "ref: demo.c\n",
    "parameters that are wrong": "ref: demo.c\nparameters: 5\n",
    "a file that cannot be read": "ref: demo.c\nparameters: [\n",
}


@pytest.mark.parametrize("content", UNTOLD.values(), ids=UNTOLD)
def test_callers_are_not_judged_where_nobody_can_tell(content: str) -> None:
    checked = check({"actions/c.yaml": content, FILE: workflow(call("demo.c", "a: 1"))})
    assert [one for one in checked.diagnostics if one.file == FILE] == []


def test_of_two_files_with_one_ref_the_parameters_are_those_in_effect() -> None:
    files: dict[str, Content] = {
        "workflows/c.yaml": f"parameters: {{a: {{type: string, required: true}}}}\n{WORKFLOW}",
        "actions/workflows/c.yaml": f"parameters: {{b: {{type: string}}}}\n{WORKFLOW}",
        FILE: workflow(call("demo.c", "a: x")),
    }
    said = [(one.rule.code, one.path) for one in check(files).diagnostics if one.file == FILE]
    assert said == [("ATT514", "tasks[0].input.a")]


def test_the_file_of_an_action_says_what_its_workflow_takes() -> None:
    files: dict[str, Content] = {
        "actions/c.yaml": (
            "ref: demo.c\nworkflow_file: workflows/c.yaml\nparameters: {a: {type: string}}\n"
        ),
        "actions/workflows/c.yaml": WORKFLOW,
        FILE: workflow(call("demo.c", "b: x")),
    }
    assert find(files) == [("ATT514", "tasks[0].input.b", "b")]


_SUB = "{name: a, action: demo.notify, input: {channel: a}}"
_LOST = "{name: a, action: demo.x}"
NO_NOISE = {
    "a ref that no action can have": ("action: demo", {"ATT505"}),
    "a foreign ref in capitals": ("action: Core.Echo", {"ATT505"}),
    "an input that is a list": ("action: demo.notify, input: [a]", {"ATT203"}),
    "a merge key, which is not merged": ("action: demo.notify, input: {<<: {a: 1}}", {"ATT103"}),
    "a task that runs its sub-tasks": (
        f"type: parallel, action: demo.x, tasks: [{_SUB}]",
        set[str](),
    ),
    "sub-tasks that nobody runs": (f"action: core.echo, tasks: [{_LOST}]", {"ATT313"}),
}


@pytest.mark.parametrize(("task", "codes"), NO_NOISE.values(), ids=NO_NOISE)
def test_one_mistake_is_told_once(task: str, codes: set[str]) -> None:
    found = check({**PACK, FILE: workflow(task)}, known={"core.echo": None}).diagnostics
    assert {one.rule.code for one in found} == codes


def test_calls_deep_in_parallel_tasks_are_held_to_the_same() -> None:
    inner = "{name: b, type: parallel, tasks: [{name: c, action: demo.notfy}]}"
    found = find({FILE: workflow(f"type: parallel, tasks: [{inner}]")})
    assert found == [("ATT511", "tasks[0].tasks[0].tasks[0].action", "demo.notfy")]


def test_places_in_block_style() -> None:
    text = (
        'version: "1.0.0"\ntasks:\n  - name: a\n    action:\n      demo.notify\n    input:\n'
        "      channel:\n        5\n      message: >\n        folded\n        text\n"
    )
    assert find({FILE: text}) == [("ATT515", "tasks[0].input.channel", "5")]


@pytest.mark.parametrize(
    "value", ["|\n          5\n", '"a\n          b"\n'], ids=["block", "quoted"]
)
def test_a_value_of_several_lines_is_marked_where_it_begins(value: str) -> None:
    text = (
        'version: "1.0.0"\ntasks:\n  - name: a\n    action: demo.notify\n    input:\n'
        f"      channel: c\n      count: {value}"
    )
    (one,) = check({**PACK, FILE: text}).diagnostics
    assert (one.span.line, one.span.column, one.span.end_column) == (7, 14, 15)


def test_a_pack_that_is_wrong_throughout_is_told_in_time() -> None:
    """Hints stop where nobody would read them, and so do the diagnostics of a file."""
    tasks = [f"action: demo.missing_{at}" for at in range(1000)]
    found = check({**PACK, FILE: workflow(*tasks)}).diagnostics
    assert len(found) == 101
    assert found[-1].rule.code == "ATT010"
