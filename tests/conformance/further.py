"""More files of the kinds of `cases/`, each with the verdict that the contract's rules give.

`../../docs/compatibility.md` has the rules' differences from Attune. Of a file that is accepted,
the parts of its definition that the case is about and the codes of its warnings; of one that is
refused, the codes of its errors.
"""

from __future__ import annotations

from typing import Any, NamedTuple

HEAD = "ref: p.w\nlabel: L\nversion: 1.0.0\n"
TASK = "tasks:\n  - name: a\n    action: core.echo\n"
NEXT = "    next: [{do: [b]}]\n  - name: b\n    action: core.echo\n"


class Taken(NamedTuple):
    """An accepted file: path → value in the definition, `codes` of the warnings."""

    text: str | bytes
    values: dict[str, Any]
    codes: tuple[str, ...] = ()


class Refused(NamedTuple):
    """A refused file: the codes of its errors, each once."""

    text: str | bytes
    codes: tuple[str, ...]


def _task(*lines: str, head: str = HEAD) -> str:
    return head + TASK + "".join(f"    {line}\n" for line in lines)


def _x(scalar: str) -> str:
    return _task(f"input: {{x: {scalar}}}")


def _when(expression: str) -> str:
    return _task("input:", "  x: |-", f"    {{{{ {expression} }}}}")


_X = "tasks[0].input.x"
_FLAT = HEAD + "parameters: {host: {type: string}, n: {type: integer, required: true}}\n"
_PARALLEL = HEAD + "tasks:\n  - name: p\n    type: parallel\n    tasks:\n"

SCALARS: dict[str, Taken | Refused] = {
    "octal": Taken(_x("0o17"), {_X: 15}),
    "hexadecimal, negative": Taken(_x("-0x1F"), {_X: -31}),
    "binary": Taken(_x("0b101"), {_X: 5}),
    "plus": Taken(_x("+5"), {_X: 5}),
    "leading zero": Taken(_x("012"), {_X: "012"}),
    "octal of YAML 1.1 with a digit too high": Taken(_x("0o8"), {_X: "0o8"}),
    "float beyond its range": Taken(_x("1e400"), {_X: "1e400"}),
    "float without digits before the exponent": Taken(_x("e5"), {_X: "e5"}),
    "float with an exponent": Taken(_x("1E3"), {_X: 1000.0}),
    "largest of 64 bits": Taken(_x("18446744073709551615"), {_X: 2**64 - 1}),
    "one more": Refused(_x("18446744073709551616"), ("ATT107",)),
    "smallest of 64 bits": Taken(_x("-9223372036854775808"), {_X: -(2**63)}),
    "one less": Refused(_x("-9223372036854775809"), ("ATT107",)),
    "not a number": Refused(_x(".NaN"), ("ATT107",)),
    "words of YAML 1.1": Taken(_x("[y, N, On, OFF, Yes]"), {_X: ["y", "N", "On", "OFF", "Yes"]}),
    "null in other capitals": Taken(_x("nULL"), {_X: "nULL"}),
    "time and date": Taken(_x("[12:30:45, 2024-02-30]"), {_X: ["12:30:45", "2024-02-30"]}),
    "escape beyond the basic plane": Taken(_x('"\\U0001F600"'), {_X: "\U0001f600"}),
    "folded text": Taken(
        _task("input:", "  x: >", "    a", "    b", "", "    c"), {_X: "a b\nc\n"}
    ),
    "text kept with its ends": Taken(_task("input:", "  x: |+", "    a", ""), {_X: "a\n\n"}),
    "tag of the core schema": Taken(_x("!!str 5"), {_X: "5"}),
    "tag that makes a number of a text": Taken(_x('!!int "5"'), {_X: 5}),
    "tag of one's own": Refused(_x("!vault secret"), ("ATT104",)),
    "tag of nothing in particular": Refused(_x("! 5"), ("ATT104",)),
}

TEXTS: dict[str, Taken | Refused] = {
    "version of zeros": Taken(f"ref: p.w\nversion: 010\n{TASK}", {"version": "010"}, ("ATT212",)),
    "version of one dot": Taken(
        f"ref: p.w\nversion: 1.0\n{TASK}", {"version": "1.0"}, ("ATT207", "ATT212")
    ),
    "version of true": Taken(
        f"ref: p.w\nversion: True\n{TASK}", {"version": "True"}, ("ATT207", "ATT212")
    ),
    "version of null": Refused(f"ref: p.w\nversion: ~\n{TASK}", ("ATT202",)),
    "name of a number": Taken(
        f"{HEAD}tasks: [{{name: 0x1F, action: core.echo}}]\n",
        {"tasks[0].name": "0x1F"},
        ("ATT207",),
    ),
    "when of a number": Taken(_task("when: 1.50"), {"tasks[0].when": "1.50"}, ("ATT207",)),
    "target of a number": Taken(
        f"{HEAD}tasks: [{{name: a, action: c.d, on_success: 2}}, {{name: '2', action: c.d}}]\n",
        {"tasks[0].next": [{"when": "{{ succeeded() }}", "do": ["2"]}]},
        ("ATT207",),
    ),
    "tags of all kinds": Taken(
        f"{HEAD}tags: [a, 1, true, 1.0]\n{TASK}", {"tags": ["a", "1", "true", "1.0"]}, ("ATT207",)
    ),
    "output_map of null": Taken(
        f"{HEAD}output_map: {{x: ~, y: 1}}\n{TASK}",
        {"output_map": {"y": "1"}},
        ("ATT207", "ATT210"),
    ),
    "label of null": Taken(f"ref: p.w\nlabel: ~\nversion: 1.0.0\n{TASK}", {"label": ""}),
    "description of 0": Taken(f"{HEAD}description: 0\n{TASK}", {"description": "0"}, ("ATT207",)),
    "label of 256": Refused(f"ref: p.w\nlabel: {'é' * 256}\nversion: 1.0.0\n{TASK}", ("ATT204",)),
}

NULLS: dict[str, Taken | Refused] = {
    "lists and objects left empty": Taken(
        _task("input:", "next:", head=f"{HEAD}vars:\ntags:\n"),
        {"tasks[0].input": {}, "tasks[0].next": [], "vars": {}, "tags": []},
    ),
    "vars of null": Refused(f"{HEAD}vars: ~\n{TASK}", ("ATT203",)),
    "input of null": Refused(_task("input: null"), ("ATT203",)),
    "next of null": Refused(_task("next: ~"), ("ATT203",)),
    "type of null": Refused(_task("type: ~"), ("ATT205",)),
    "default of null": Refused(
        _task("decision: [{when: '{{ true }}', next: a, default: ~}]"), ("ATT203",)
    ),
    "numbers of null": Taken(
        _task("timeout: ~", "join: ~", "retry: ~", "batch_size: ~"),
        {"tasks[0].timeout": None, "tasks[0].join": None, "tasks[0].retry": None},
    ),
    "do of null": Taken(_task("next: [{do: ~}]"), {"tasks[0].next": [{}]}),
    "published null": Taken(
        _task("next: [{publish: [{x: ~}]}]"), {"tasks[0].next": [{"publish": [{"x": None}]}]}
    ),
}

ALIASES: dict[str, Taken | Refused] = {
    "alias of an input": Taken(
        _task("input: &i {x: [1, &t two]}", NEXT.strip(), "input: *i"),
        {"tasks[1].input": {"x": [1, "two"]}},
    ),
    "alias as a key": Taken(_task("input: {&k x: 1, y: {*k : 2}}"), {"tasks[0].input.y": {"x": 2}}),
    "anchor set twice": Taken(_task("input: {x: &a 1, y: &a 2, z: *a}"), {"tasks[0].input.z": 2}),
    "alias before its anchor": Refused(_task("input: {x: *a, y: &a 1}"), ("ATT109",)),
    "alias in itself": Refused(_task("input: &a {x: *a}"), ("ATT110",)),
    "merge key": Refused(_task("input: {<<: {x: 1}}"), ("ATT103",)),
    "quoted merge key": Taken(_task("input: {'<<': 1}"), {"tasks[0].input": {"<<": 1}}),
    "key twice by escapes": Refused(_task('input: {"a": 1, "\\x61": 2}'), ("ATT102",)),
    "key of true": Refused(_task("input: {true: 1}"), ("ATT106",)),
    "key of no": Taken(_task("input: {no: 1}"), {"tasks[0].input": {"no": 1}}),
    "list as a key": Refused(_task("input: {? [a] : 1}"), ("ATT106",)),
    "second document": Refused(f"{HEAD}{TASK}---\n{HEAD}", ("ATT105",)),
    "end of the document": Taken(f"---\n{HEAD}{TASK}...\n", {"ref": "p.w"}),
    "byte order mark": Taken(f"\ufeff{HEAD}{TASK}", {"ref": "p.w"}),
    "UTF-16": Refused(f"{HEAD}{TASK}".encode("utf-16"), ("ATT004",)),
}

LEGACY: dict[str, Taken | Refused] = {
    "publish goes to the decision that asks for success": Taken(
        _task(
            "on_failure: a",
            "decision: [{when: '{{ succeeded() and true }}', next: a}]",
            "publish: [x]",
        ),
        {
            "tasks[0].next": [
                {"when": "{{ failed() }}", "do": ["a"]},
                {"when": "{{ succeeded() and true }}", "publish": ["x"], "do": ["a"]},
            ]
        },
    ),
    "publish goes to the first without success": Taken(
        _task("on_timeout: a", "on_complete: a", "publish: [{x: 1}]"),
        {
            "tasks[0].next": [
                {"publish": [{"x": 1}], "do": ["a"]},
                {"when": "{{ timed_out() }}", "do": ["a"]},
            ]
        },
    ),
    "publish alone": Taken(
        _task("publish: [x]"),
        {"tasks[0].next": [{"when": "{{ succeeded() }}", "publish": ["x"]}]},
    ),
    "next without entries loses": Taken(
        _task("next: []", "on_complete: a"), {"tasks[0].next": [{"do": ["a"]}]}
    ),
    "an empty entry of next wins": Taken(
        _task("next: [{}]", "on_complete: nope"), {"tasks[0].next": [{}]}, ("ATT309",)
    ),
    "an entry of next that is not even written": Taken(
        _task("next:", "  -"), {"tasks[0].next": [{}]}, ("ATT210",)
    ),
    "default with a condition": Taken(
        _task("decision: [{when: '{{ true }}', next: a, default: true}]"),
        {"tasks[0].next": [{"when": "{{ true }}", "do": ["a"]}]},
    ),
    "default alone": Taken(
        _task("decision: [{next: a, default: true}]"),
        {"tasks[0].next": [{"do": ["a"]}]},
        ("ATT312",),
    ),
    "two defaults": Refused(
        _task("decision: [{next: a, default: true}, {next: a, default: true}]"), ("ATT310",)
    ),
    "default of a word": Refused(_task("decision: [{next: a, default: on}]"), ("ATT203",)),
    "branch without anything": Refused(_task("decision: [{next: a}]"), ("ATT311",)),
    "three levels down": Taken(
        f"{_PARALLEL}      - name: q\n        type: parallel\n        tasks:\n"
        "          - {name: r, action: core.echo, on_failure: r, publish: [x]}\n",
        {
            "tasks[0].tasks[0].tasks[0].next": [
                {"when": "{{ failed() }}", "publish": ["x"], "do": ["r"]}
            ]
        },
    ),
    "target out of parallel": Refused(
        f"{_PARALLEL}      - {{name: s, action: core.echo, on_success: b}}\n"
        "  - {name: b, action: core.echo}\n",
        ("ATT304",),
    ),
    "target into parallel": Refused(
        f"{_PARALLEL}      - {{name: s, action: core.echo}}\n    on_success: s\n", ("ATT304",)
    ),
    "reserved name in parallel": Refused(
        f"{_PARALLEL}      - {{name: index, action: core.echo}}\n", ("ATT302",)
    ),
    "one name inside and outside": Taken(
        f"{_PARALLEL}      - {{name: p, action: core.echo}}\n", {"tasks[0].tasks[0].name": "p"}
    ),
    "cycle without an entry": Taken(
        f"{HEAD}{TASK}    on_success: b\n  - {{name: b, action: core.echo, on_complete: a}}\n",
        {"tasks[1].next": [{"do": ["a"]}]},
    ),
}

FIELDS: dict[str, Taken | Refused] = {
    "no ref": Taken(f"version: 1.0.0\n{TASK}", {"ref": "p.w", "label": ""}),
    "ref of another pack": Refused(f"ref: q.w\nversion: 1.0.0\n{TASK}", ("ATT503",)),
    "ref of a longer pack": Refused(f"ref: pp.w\nversion: 1.0.0\n{TASK}", ("ATT503",)),
    "ref of two dots": Refused(f"ref: p.w.x\nversion: 1.0.0\n{TASK}", ("ATT504",)),
    "retry of 101": Refused(_task("retry: {count: 101, delay: 1}"), ("ATT204",)),
    "retry without delay": Refused(_task("retry: {count: 1}"), ("ATT202",)),
    "timeout below nothing": Refused(_task("timeout: -0"), ("ATT204",)),
    "timeout of a float": Refused(_task("timeout: 5.0"), ("ATT203",)),
    "timeout in quotes": Refused(_task("timeout: '5'"), ("ATT203",)),
    "timeout in hexadecimal": Taken(_task("timeout: 0x10"), {"tasks[0].timeout": 16}),
    "policy in quotes": Taken(
        f"{HEAD}cancellation_policy: 'cancel_running'\n{TASK}",
        {"cancellation_policy": "cancel_running"},
    ),
    "policy that is the default": Taken(
        f"{HEAD}cancellation_policy: allow_finish\n{TASK}", {"cancellation_policy": None}
    ),
    "flat parameters": Taken(
        _FLAT + TASK,
        {"parameters": {"host": {"type": "string"}, "n": {"type": "integer", "required": True}}},
    ),
    "flat parameters without a type": Refused(
        f"{HEAD}parameters: {{host: {{required: true}}}}\n{TASK}", ("ATT208",)
    ),
    "a parameter named type": Taken(
        f"{HEAD}parameters: {{type: {{type: string}}}}\n{TASK}",
        {"parameters": {"type": {"type": "string"}}},
    ),
    "editor's data": Taken(
        _task("__chart_meta__: {x: 1}", "next: [{__chart_meta__: [1], do: [a]}]"),
        {
            "tasks[0].__chart_meta__": {"x": 1},
            "tasks[0].next": [{"do": ["a"], "__chart_meta__": [1]}],
        },
    ),
    "other name of permission_set_refs": Taken(
        _task("permission_set_ref: [core.a]"), {"tasks[0].permission_set_refs": ["core.a"]}
    ),
    "sub-tasks that nobody runs": Refused(
        _task("tasks: [{name: s, action: core.echo, retry: {count: 0, delay: 0}}]"), ("ATT204",)
    ),
    "batches of nothing without items": Taken(
        _task("batch_size: 0"), {"tasks[0].batch_size": 0}, ("ATT307",)
    ),
    "batches of nothing": Refused(_task("with_items: '{{ [1] }}'", "concurrency: 0"), ("ATT204",)),
    "action of three parts": Refused(f"{HEAD}tasks: [{{name: a, action: a.b.c}}]\n", ("ATT505",)),
    "action in capitals": Refused(f"{HEAD}tasks: [{{name: a, action: Core.x}}]\n", ("ATT505",)),
    "name of blanks": Refused(f"{HEAD}tasks: [{{name: '  ', action: a.b}}]\n", ("ATT213",)),
    "variables of other scripts": Taken(f"{HEAD}vars: {{größe: 1}}\n{TASK}", {"vars.größe": 1}),
    "variable with a dot": Refused(f"{HEAD}vars: {{a.b: 1}}\n{TASK}", ("ATT209",)),
}

EXPRESSIONS: dict[str, Taken | Refused] = {
    "chain of comparisons": Taken(_when("1 < 2 <= 3 in [4]"), {_X: "{{ 1 < 2 <= 3 in [4] }}"}),
    "not before in": Taken(_when("not 1 in [2]"), {}),
    "not in": Refused(_when("1 not in [2]"), ("ATT402",)),
    "not as an operand": Refused(_when("1 + not true"), ("ATT401",)),
    "minus twice": Taken(_when("- -1 * --2"), {}),
    "comma at a list's end": Taken(_when("[1, [2,],]"), {}),
    "comma at a call's end": Refused(_when("max(1, 2,)"), ("ATT401",)),
    "keyword as a field": Taken(_when("parameters.in.not.null.or"), {}),
    "call of a field": Refused(_when("parameters.x()"), ("ATT402",)),
    "call after an index": Refused(_when("parameters['x']()"), ("ATT401",)),
    "braces in a text": Refused(_when("'}}'"), ("ATT401",)),
    "escaped quotes": Taken(_when(r"'it\'s' + \"\" + '\q'".replace('\\"', '"')), {}),
    "never closed": Taken(_x('"a {{ parameters.x"'), {_X: "a {{ parameters.x"}, ("ATT410",)),
    "nothing": Taken(_x('"{{  }} {{}}"'), {_X: "{{  }} {{}}"}),
    "integer beyond 64 bits": Refused(_when("9223372036854775808"), ("ATT401",)),
    "float without digits": Refused(_when("1."), ("ATT401",)),
    "filter": Refused(_when("[1] | join(', ')"), ("ATT402",)),
    "no function": Refused(_when("len([1])"), ("ATT405",)),
    "argument too many": Refused(_when("upper('a', 'b')"), ("ATT406",)),
    "arguments of result": Taken(_when("result(1, 2).x"), {}),
    "range of three": Refused(_when("range(1, 2, 3)"), ("ATT406",)),
    "slice of two": Taken(_when("slice([1], 0)"), {}),
    "published by the editor's form": Taken(
        _task("next: [{publish: [out, {other: 1}]}]", "when: '{{ out + other }}'"), {}
    ),
    "published inside parallel": Taken(
        f"{_PARALLEL}      - {{name: s, action: core.echo, publish: [deep]}}\n"
        "    when: '{{ deep }}'\n",
        {},
    ),
    "unknown name": Refused(_when("nope"), ("ATT404",)),
    "unknown name in output_map": Refused(
        f"{HEAD}output_map: {{x: '{{{{ nope }}}}'}}\n{TASK}", ("ATT404",)
    ),
    "unknown name where a retry asks": Refused(
        _task("retry: {count: 1, delay: 0, on_error: '{{ nope }}'}"), ("ATT404",)
    ),
    "unknown name in a sub-task": Refused(
        f"{_PARALLEL}      - {{name: s, action: core.echo, input: {{x: '{{{{ nope }}}}'}}}}\n",
        ("ATT404",),
    ),
    "unknown name in vars": Taken(
        f"{HEAD}vars: {{x: '{{{{ nope }}}}'}}\n{TASK}", {"vars.x": "{{ nope }}"}
    ),
    "bare parameter": Taken(
        _FLAT + TASK + "    when: '{{ host }}'\n", {"tasks[0].when": "{{ host }}"}, ("ATT407",)
    ),
    "keyword of a JSON Schema": Refused(
        f"{HEAD}parameters: {{type: object}}\n{TASK}    when: '{{{{ type }}}}'\n", ("ATT404",)
    ),
    "item without items": Taken(_when("item"), {}, ("ATT408",)),
    "item with items": Taken(
        _task("with_items: '{{ [1] }}'", "input: {x: '{{ item + index }}'}"), {}
    ),
    "item in what the items come from": Taken(_task("with_items: '{{ item }}'"), {}, ("ATT408",)),
    "result of no task": Taken(_when("task.nope.x + tasks['nope']"), {}, ("ATT409",)),
    "no pattern": Taken(_when("match('(', 'a')"), {}, ("ATT411",)),
    "template of another engine": Taken(_x('"<% ctx().x %>"'), {}, ("ATT403",)),
}

CASES: dict[str, Taken | Refused] = {
    f"{kind}: {name}": case
    for kind, table in (
        ("scalar", SCALARS),
        ("text", TEXTS),
        ("null", NULLS),
        ("YAML", ALIASES),
        ("legacy", LEGACY),
        ("field", FIELDS),
        ("expression", EXPRESSIONS),
    )
    for name, case in table.items()
}
