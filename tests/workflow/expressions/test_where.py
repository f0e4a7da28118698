"""Expressions are found wherever Attune evaluates them, and mean what they mean there."""

from __future__ import annotations

import pytest

from tests.validate.packs import Said, check_one, said

_HEAD = 'version: "1.0.0"\n'
_UNKNOWN = "{{ nope }}"


def _task(fields: str, *, name: str = "a") -> str:
    return f"{{name: {name}, action: core.echo, {fields}}}"


def _parallel(task: str, fields: str = "timeout: 1") -> str:
    return f"{{name: p, type: parallel, {fields}, tasks: [{task}]}}"


def _list(*tasks: str) -> str:
    return f"tasks: [{', '.join(tasks)}]\n"


def _tasks(*tasks: str) -> str:
    return _HEAD + _list(*tasks)


PLACES = {
    "when": 'when: "{{ nope }}"',
    "with_items": 'with_items: "{{ nope }}"',
    "input.x": 'input: {x: "{{ nope }}"}',
    "input.x[1].y": 'input: {x: [1, {y: "{{ nope }}"}]}',
    "next[0].when": 'next: [{when: "{{ nope }}"}]',
    "next[0].publish[1].x": 'next: [{publish: [y, {x: "{{ nope }}"}]}]',
    "next[0].publish[0].x.y[0]": 'next: [{publish: [{x: {y: ["{{ nope }}"]}}]}]',
    "retry.on_error": 'retry: {count: 1, delay: 0, on_error: "{{ nope }}"}',
    "decision[0].when": 'decision: [{when: "{{ nope }}", next: a}]',
    "publish[0].x": 'publish: [{x: "{{ nope }}"}]',
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("depth", [0, 2])
def test_found_in_tasks_of_every_depth(place: str, depth: int) -> None:
    content, path = _task(PLACES[place]), f"tasks[0].{place}"
    for _ in range(depth):
        content, path = _parallel(content), f"tasks[0].{path}"
    assert said(check_one(_tasks(content))) == [("ATT404", path)]


def test_found_in_the_output() -> None:
    content = f'{_tasks(_task("timeout: 1"))}output_map: {{x: "{_UNKNOWN}"}}\n'
    assert said(check_one(content)) == [("ATT404", "output_map.x")]


ELSEWHERE = {
    "a worker selector": 'worker_selector: {x: "{{ nope }}"}',
    "a key": 'input: {"{{ nope }}": x}',
    "the editor's own": '__chart_meta__: {x: "{{ nope }}"}',
    "a legacy field that `next` displaces": (
        'next: [{when: "{{ true }}"}], publish: [{x: "{{ nope }}"}], '
        'decision: [{when: "{{ nope }}", next: a}]'
    ),
}


@pytest.mark.parametrize("fields", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_not_looked_for_where_attune_evaluates_nothing(fields: str) -> None:
    checked = check_one(_tasks(_task(fields)))
    assert {code for code, _ in said(checked)} <= {"ATT309"}


_ITEM = 'input: {x: "{{ item.x + index }}"}'
_TWICE = [("ATT408", "tasks[0].input.x"), ("ATT408", "tasks[0].input.x")]

ITEMS: dict[str, tuple[str, Said]] = {
    "in a task with items": (_task(f'with_items: "{{{{ [1] }}}}", {_ITEM}'), []),
    "in a task without": (_task(_ITEM), _TWICE),
    "in a task whose items are null": (_task(f"with_items: ~, {_ITEM}"), _TWICE),
    "in a task whose items have the wrong type": (
        _task(f"with_items: [1], {_ITEM}"),
        [("ATT203", "tasks[0].with_items")],
    ),
    "in the items themselves": (
        _task('with_items: "{{ item }}"'),
        [("ATT408", "tasks[0].with_items")],
    ),
    "in transitions": (_task('with_items: "{{ [1] }}", next: [{when: "{{ item }}"}]'), []),
    "in a sub-task of a task with items": (
        _parallel(_task(f'{_ITEM}, with_items: "{{{{ item }}}}"'), 'with_items: "{{ [1] }}"'),
        [],
    ),
    "in a sub-task of a task without": (
        _parallel(_task('when: "{{ item }}"')),
        [("ATT408", "tasks[0].tasks[0].when")],
    ),
    "published by a task": (_task(f"{_ITEM}, next: [{{publish: [item, index]}}]"), []),
}


@pytest.mark.parametrize(("tasks", "expected"), ITEMS.values(), ids=ITEMS.keys())
def test_items_exist_in_tasks_with_items(tasks: str, expected: Said) -> None:
    assert said(check_one(_tasks(tasks))) == expected


_USES = 'when: "{{ x }}"'
_X = [("ATT404", "tasks[0].when")]

KNOWN: dict[str, tuple[str, Said]] = {
    "a variable": ("vars: {x: 1}\n" + _list(_task(_USES)), []),
    "published as a name": (_list(_task(f"{_USES}, next: [{{publish: [x]}}]")), []),
    "published with a value": (_list(_task(f"{_USES}, next: [{{publish: [{{x: 1}}]}}]")), []),
    "published the legacy way": (_list(_task(f"{_USES}, publish: [x]")), []),
    "published by a sub-task": (
        _list(_task(_USES), _parallel(_task("publish: [x]", name="c"))),
        [],
    ),
    "intended by a field that is displaced": (
        _list(_task(f"{_USES}, next: [{{publish: [y]}}], publish: [x]")),
        [("ATT309", "tasks[0].publish")],
    ),
    "a word of a JSON Schema": (
        "parameters: {type: object, properties: {y: {type: object}}, x: 1}\n" + _list(_task(_USES)),
        _X,
    ),
    "a property of a JSON Schema": (
        "parameters: {type: object, properties: {x: {type: string}}}\n" + _list(_task(_USES)),
        [("ATT407", "tasks[0].when")],
    ),
    "a parameter next to one named type": (
        "parameters: {type: {type: string}, x: {type: string}}\n" + _list(_task(_USES)),
        [("ATT407", "tasks[0].when")],
    ),
    "a variable and a parameter": (
        "parameters: {x: {type: string}}\nvars: {x: 1}\n" + _list(_task(_USES)),
        [],
    ),
}


@pytest.mark.parametrize(("content", "expected"), KNOWN.values(), ids=KNOWN.keys())
def test_names_stand_for_variables_and_what_tasks_publish(content: str, expected: Said) -> None:
    assert said(check_one(_HEAD + content)) == expected


DOUBT: dict[str, tuple[str, Said]] = {
    "variables in a list": ("vars: [{x: 1}]\n" + _list(_task(_USES)), [("ATT203", "vars")]),
    "published by a mapping": (
        _list(_task(f"{_USES}, next: {{publish: {{x: 1}}}}")),
        [("ATT203", "tasks[0].next")],
    ),
    "tasks by name": (
        'tasks: {b: {action: core.echo}}\noutput_map: {y: "{{ x + task.b.c }}"}\n',
        [("ATT203", "tasks")],
    ),
    "a task that is no object": (_list(_task(_USES), "core.echo"), [("ATT203", "tasks[1]")]),
    "a task without a name": (
        _list("{action: core.echo}", _task('when: "{{ task.b }}"')),
        [("ATT202", "tasks[0].name")],
    ),
}


@pytest.mark.parametrize(("content", "expected"), DOUBT.values(), ids=DOUBT.keys())
def test_a_name_that_cannot_be_known_is_not_complained_of(content: str, expected: Said) -> None:
    assert said(check_one(_HEAD + content)) == expected


def test_every_block_of_a_text_is_read() -> None:
    text = "{{ nope }} {{ x | y }} {{ nope(other) }} {{ nope + nope }}"
    checked = check_one(_tasks(_task(f'when: "{text}"')))
    columns = [(one.rule.code, one.span.column) for one in checked.diagnostics]
    first = len('tasks: [{name: a, action: core.echo, when: "') + 1
    assert columns == [
        ("ATT404", first + text.index("nope }}")),
        ("ATT402", first + text.index("|")),
        ("ATT405", first + text.index("nope(")),
        ("ATT404", first + text.index("other")),
        ("ATT404", first + text.index("nope +")),
    ]


def test_a_text_that_aliases_repeat_is_told_of_once() -> None:
    content = _tasks(_task(f'input: {{x: &x "{_UNKNOWN}", y: *x}}'))
    assert said(check_one(content)) == [("ATT404", "tasks[0].input.x")]


def test_a_template_without_quotes_is_told_of_once() -> None:
    content = _tasks(_task("when: {{ nope }}"))
    assert said(check_one(content)) == [("ATT111", "tasks[0].when")]


def test_tasks_of_every_depth_have_results() -> None:
    parallel = _parallel(_task("timeout: 1", name="c"))
    content = _tasks(parallel, _task('when: "{{ task.c + tasks.p }}"'))
    assert said(check_one(content)) == []
