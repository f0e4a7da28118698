"""One broken workflow, or more, for each rule about fields and graphs: content → what is said.

Each case's problems are all that is said of the file, in `(code, path)` order.
"""

from __future__ import annotations

HEAD = 'version: "1.0.0"\n'
A = "{name: a, action: core.echo}"


def tasks(*each: str) -> str:
    return HEAD + "tasks:\n" + "".join(f"  - {one}\n" for one in each)


def task(fields: str) -> str:
    return tasks(f"{{name: a, action: core.echo, {fields}}}")


def parallel(*each: str) -> str:
    return tasks(f"{{name: p, type: parallel, tasks: [{', '.join(each)}]}}")


CASES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a list": ("- a\n", [("ATT201", "")]),
    "a text": ("hello\n", [("ATT201", "")]),
    "nothing": ("", [("ATT201", "")]),
    "null": ("~\n", [("ATT201", "")]),
    "empty object": ("{}\n", [("ATT202", "tasks"), ("ATT202", "version")]),
    "null fields": ("version: ~\ntasks:\n", [("ATT202", "tasks"), ("ATT202", "version")]),
    "task without name": (tasks("{action: core.echo}"), [("ATT202", "tasks[0].name")]),
    "task without action": (tasks("{name: a}"), [("ATT202", "tasks[0].action")]),
    "name misspelled, and led to": (
        tasks(
            "{name: a, action: core.echo, next: [{do: [b]}, {do: [b]}]}",
            "{nmae: b, action: core.echo, on_success: c}",
            "{name: c, action: core.echo, join: 1}",
        ),
        [("ATT202", "tasks[1].name")],
    ),
    "no task, and led to": (
        tasks("{name: a, action: core.echo, on_success: b}", "b"),
        [("ATT203", "tasks[1]")],
    ),
    "more unknown targets than tasks without a name": (
        tasks("{name: a, action: core.echo, next: [{do: [b, c]}]}", "{action: core.echo}"),
        [
            ("ATT202", "tasks[1].name"),
            ("ATT304", "tasks[0].next[0].do[0]"),
            ("ATT304", "tasks[0].next[0].do[1]"),
        ],
    ),
    "join of a task whose name is misspelled elsewhere": (
        tasks(
            "{name: a, action: core.echo, on_success: bb}",
            "{name: b, action: core.echo, join: 1}",
        ),
        [("ATT304", "tasks[0].on_success")],
    ),
    "action misspelled": (tasks("{name: a, acton: core.echo}"), [("ATT202", "tasks[0].action")]),
    "sub-tasks under another name": (
        tasks("{name: a, type: parallel, branches: []}"),
        [("ATT202", "tasks[0].tasks")],
    ),
    "tasks under another name": (HEAD + f"steps: [{A}]\n", [("ATT202", "tasks")]),
    "items as a list": (task("with_items: [1, 2]"), [("ATT203", "tasks[0].with_items")]),
    "workflow without action": (
        tasks("{name: a, type: workflow}"),
        [("ATT202", "tasks[0].action")],
    ),
    "parallel without tasks": (
        tasks("{name: a, type: parallel}"),
        [("ATT202", "tasks[0].tasks")],
    ),
    "retry without count and delay": (
        task("retry: {}"),
        [("ATT202", "tasks[0].retry.count"), ("ATT202", "tasks[0].retry.delay")],
    ),
    "branch without next": (
        task('decision: [{when: "{{ true }}"}]'),
        [("ATT202", "tasks[0].decision[0].next")],
    ),
    "branch whose default is a name": (
        task("decision: [{default: a}]"),
        [("ATT203", "tasks[0].decision[0].default")],
    ),
    "tasks as an object": (HEAD + "tasks: {a: {}}\n", [("ATT203", "tasks")]),
    "task as a text": (tasks("hello"), [("ATT203", "tasks[0]")]),
    "vars as a list": (HEAD + f"vars: [{{a: 1}}]\ntasks: [{A}]\n", [("ATT203", "vars")]),
    "several targets": (task("on_success: [a]"), [("ATT203", "tasks[0].on_success")]),
    "timeout with a unit": (task("timeout: 30s"), [("ATT203", "tasks[0].timeout")]),
    "join all": (task("join: all"), [("ATT203", "tasks[0].join")]),
    "null to publish": (
        task("next: [{publish: [~]}]"),
        [("ATT203", "tasks[0].next[0].publish[0]")],
    ),
    "no task at all": (HEAD + "tasks: []\n", [("ATT204", "tasks")]),
    "parallel with no tasks": (
        tasks("{name: a, type: parallel, tasks: []}"),
        [("ATT204", "tasks[0].tasks")],
    ),
    "empty version": (f'version: ""\ntasks: [{A}]\n', [("ATT204", "version")]),
    "long label": (HEAD + f"label: {'x' * 256}\ntasks: [{A}]\n", [("ATT204", "label")]),
    "timeout beyond 32 bits": (task("timeout: 4294967296"), [("ATT204", "tasks[0].timeout")]),
    "retries over 100": (
        task("retry: {count: 101, delay: 1}"),
        [("ATT204", "tasks[0].retry.count")],
    ),
    "batches of nothing": (
        task("with_items: x, batch_size: 0, concurrency: 0"),
        [("ATT204", "tasks[0].batch_size"), ("ATT204", "tasks[0].concurrency")],
    ),
    "unknown type": (
        tasks("{name: a, type: loop}"),
        [("ATT205", "tasks[0].type")],
    ),
    "unknown backoff": (
        task("retry: {count: 1, delay: 1, backoff: Constant}"),
        [("ATT205", "tasks[0].retry.backoff")],
    ),
    "unknown fields": (
        HEAD + "outputs: {}\ntasks: [{name: a, action: core.echo, next: [{doo: 1}]}]\n",
        [("ATT206", "outputs"), ("ATT206", "tasks[0].next[0].doo")],
    ),
    "number for a version": (
        f"version: 1.0\ntasks: [{A}]\n",
        [("ATT207", "version"), ("ATT212", "version")],
    ),
    "boolean for a condition": (task("when: true"), [("ATT207", "tasks[0].when")]),
    "parameters with no type": (
        HEAD + f"parameters: {{x: {{required: true}}, y: 1}}\ntasks: [{A}]\n",
        [("ATT208", "parameters.x"), ("ATT208", "parameters.y")],
    ),
    "output with values": (
        HEAD + f"output: {{x: '{{{{ task.a.result }}}}', y: 1}}\ntasks: [{A}]\n",
        [("ATT208", "output")],
    ),
    "several targets with conditions": (
        task("on_success: [{when: '{{ true }}', do: [a]}]"),
        [("ATT203", "tasks[0].on_success")],
    ),
    "names of variables": (
        HEAD + f'vars: {{a b: 1, "": 2}}\ntasks: [{A}]\n',
        [("ATT209", "vars."), ("ATT209", "vars.a b")],
    ),
    "null for lists and objects": (
        HEAD + f"vars: ~\ntags: null\ntasks: [{A}]\n",
        [("ATT203", "tags"), ("ATT203", "vars")],
    ),
    "null for lists and objects of a task": (
        task("input: ~, next: Null, decision: NULL, publish: ~"),
        [
            ("ATT203", "tasks[0].decision"),
            ("ATT203", "tasks[0].input"),
            ("ATT203", "tasks[0].next"),
            ("ATT203", "tasks[0].publish"),
        ],
    ),
    "null to publish in a transition": (
        task("next: [{publish: ~}]"),
        [("ATT203", "tasks[0].next[0].publish")],
    ),
    "null for a word": (
        HEAD + "cancellation_policy:\ntasks: [{name: a, type: ~}]\n",
        [("ATT205", "cancellation_policy"), ("ATT205", "tasks[0].type")],
    ),
    "nothing for a word": (
        task("type: , retry: {count: 1, delay: 1, backoff: }"),
        [("ATT205", "tasks[0].retry.backoff"), ("ATT205", "tasks[0].type")],
    ),
    "null for a boolean": (
        task('decision: [{when: "{{ true }}", next: a, default: ~}]'),
        [("ATT203", "tasks[0].decision[0].default")],
    ),
    "empty transition": (
        HEAD + "tasks:\n  - name: a\n    action: core.echo\n    next:\n      -\n",
        [("ATT210", "tasks[0].next[0]")],
    ),
    "less than nothing": (task("timeout: -0"), [("ATT204", "tasks[0].timeout")]),
    "null tag": (HEAD + f"tags: [a, ~]\ntasks: [{A}]\n", [("ATT210", "tags[1]")]),
    "both permission fields": (
        task("permission_set_ref: a, permission_set_refs: [b]"),
        [("ATT211", "tasks[0].permission_set_ref")],
    ),
    "odd version": (f"version: banana\ntasks: [{A}]\n", [("ATT212", "version")]),
    "blank name": (tasks('{name: " ", action: core.echo}'), [("ATT213", "tasks[0].name")]),
    "long name": (
        tasks(f"{{name: {'x' * 256}, action: core.echo}}"),
        [("ATT213", "tasks[0].name")],
    ),
    "name with a line break": (
        tasks('{name: "a\\nb", action: core.echo}'),
        [("ATT213", "tasks[0].name")],
    ),
    "name that turns the text around": (
        tasks('{name: "a\\u202eb", action: core.echo}'),
        [("ATT213", "tasks[0].name")],
    ),
    "one name twice": (tasks(A, A), [("ATT301", "tasks[1].name")]),
    "one name twice in parallel": (parallel(A, A), [("ATT301", "tasks[0].tasks[1].name")]),
    "reserved name": (tasks("{name: item, action: core.echo}"), [("ATT302", "tasks[0].name")]),
    "reserved name in parallel": (
        parallel("{name: kv, action: core.echo}"),
        [("ATT302", "tasks[0].tasks[0].name")],
    ),
    "namespace as a name": (
        tasks("{name: keystore, action: core.echo}"),
        [("ATT303", "tasks[0].name")],
    ),
    "unknown targets": (
        tasks("{name: a, action: core.echo, next: [{do: [b, a, c]}]}"),
        [("ATT304", "tasks[0].next[0].do[0]"), ("ATT304", "tasks[0].next[0].do[2]")],
    ),
    "target outside of parallel": (
        tasks("{name: p, type: parallel, tasks: [{name: s, action: core.echo, on_failure: a}]}", A),
        [("ATT304", "tasks[0].tasks[0].on_failure")],
    ),
    "unreachable": (
        tasks(
            A,
            "{name: b, action: core.echo, next: [{do: [c]}]}",
            "{name: c, action: core.echo, next: [{do: [b]}]}",
        ),
        [("ATT305", "tasks[1].name"), ("ATT305", "tasks[2].name")],
    ),
    "unreachable in parallel": (
        parallel(A, "{name: b, action: core.echo, on_success: b}"),
        [("ATT305", "tasks[0].tasks[1].name")],
    ),
    "unknown target is no reason to call others unreachable": (
        tasks(
            "{name: a, action: core.echo, on_success: d}",
            "{name: b, action: core.echo, on_success: c}",
            "{name: c, action: core.echo, on_success: b}",
        ),
        [("ATT304", "tasks[0].on_success")],
    ),
    "join above": (
        tasks(
            "{name: a, action: core.echo, on_success: b}", "{name: b, action: core.echo, join: 2}"
        ),
        [("ATT306", "tasks[1].join")],
    ),
    "batches without items": (
        task("batch_size: 1, concurrency: 0"),
        [("ATT307", "tasks[0].batch_size"), ("ATT307", "tasks[0].concurrency")],
    ),
    "max_delay below delay": (
        task("retry: {count: 1, delay: 2, max_delay: 1}"),
        [("ATT308", "tasks[0].retry.max_delay")],
    ),
    "legacy beside next": (
        task("next: [{do: [a]}], on_success: nope, publish: [x]"),
        [("ATT309", "tasks[0].on_success"), ("ATT309", "tasks[0].publish")],
    ),
    "two defaults": (
        task("decision: [{default: true, next: a}, {default: true, next: a}]"),
        [("ATT310", "tasks[0].decision[1].default"), ("ATT312", "tasks[0].decision[0].default")],
    ),
    "branch without condition": (
        task("decision: [{next: a}, {default: false, next: a}]"),
        [("ATT311", "tasks[0].decision[0]"), ("ATT311", "tasks[0].decision[1]")],
    ),
    "default branch": (
        task('decision: [{when: "{{ true }}", next: a}, {default: true, next: a}]'),
        [("ATT312", "tasks[0].decision[1].default")],
    ),
    "sub-tasks of an action": (task(f"tasks: [{A}]"), [("ATT313", "tasks[0].tasks")]),
    "action without a dot": (tasks("{name: a, action: echo}"), [("ATT505", "tasks[0].action")]),
    "action in capitals": (tasks("{name: a, action: Core.echo}"), [("ATT505", "tasks[0].action")]),
    "action of three parts": (tasks("{name: a, action: a.b.c}"), [("ATT505", "tasks[0].action")]),
    "action with a space": (tasks('{name: a, action: "a.b c"}'), [("ATT505", "tasks[0].action")]),
    "action in parallel": (
        parallel("{name: s, action: echo}"),
        [("ATT505", "tasks[0].tasks[0].action")],
    ),
    "everything at once": (
        tasks(
            "{name: a, action: core.echo, retry: {count: 500, delay: 1}}",
            "{name: item, action: bad, on_success: nope}",
        ),
        [
            ("ATT204", "tasks[0].retry.count"),
            ("ATT302", "tasks[1].name"),
            ("ATT304", "tasks[1].on_success"),
            ("ATT505", "tasks[1].action"),
        ],
    ),
}
