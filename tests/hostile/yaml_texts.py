"""Texts that are hard on a parser of YAML, and on what walks over the tree that it makes."""

from __future__ import annotations

from tests.hostile.building import SIZE, each, in_tasks
from tests.workflow.bad_workflows import HEAD

_TARGETS = each("t#, ", 200)
_LAUGHS = "".join(f"k{n}: &k{n} [{f'*k{n - 1}, ' * 9}]\n" for n in range(1, 30))

YAML: dict[str, str] = {
    "open brackets": "[" * SIZE,
    "open braces": "{" * SIZE,
    "open braces, keyed": "{a: " * (SIZE // 4),
    "dashes": "- " * (SIZE // 2),
    "question marks": "? " * (SIZE // 2),
    "colons": ": " * (SIZE // 2),
    "ever deeper": "".join(" " * depth + f"a{depth}:\n" for depth in range(1000)),
    "a million values": "[" + "a," * (SIZE // 2 - 1) + "]",
    "lines of one letter": "a\n" * (SIZE // 2),
    "empty values": "a:\n" * (SIZE // 3),
    "keys": each("k#: 1\n", 90_000),
    "same key": "k: 1\n" * (SIZE // 5),
    "anchors": each("k#: &a# 1\n", 45_000),
    "billion laughs": f"k0: &k0 [x, x]\n{_LAUGHS}",
    "quadratic text": f"a: &a {'x' * (SIZE // 2)}\nb: [{'*a, ' * 9000}]",
    "one long word": "x" * SIZE,
    "one long quote": '"' + "\\\n" * (SIZE // 2 - 1) + '"',
    "one long comment": "#" * SIZE,
    "one long key": "x" * SIZE + ": 1",
    "long anchor": "a: &" + "x" * SIZE + " 1",
    "long tag": "a: !" + "x" * SIZE + " 1",
    "%TAG directives": each("%TAG !a#! x\n", 60_000) + "--- 1",
    "%TAG directives of a second document": "a: 1\n...\n" + each("%TAG !a#! x\n", 60_000),
    "documents": "---\n" * (SIZE // 4),
    "digits": "a: " + "9" * SIZE,
    "digits with a point": "a: " + "9" * (SIZE // 2) + "." + "9" * (SIZE // 2 - 10),
    "a number, nearly": "a: " + "1" * (SIZE - 10) + "x",
    "templates": "{{" * (SIZE // 2),
    "a quoted template": in_tasks("{name: a, action: a.b, when: '" + "{{" * 500_000 + "'}", 1),
    "NULs": "\0" * SIZE,
    "tabs": "\t" * SIZE,
    "carriage returns": "\r" * SIZE,
    "separators": "\u2028" * (SIZE // 3),
    "unknown fields": HEAD + each("tasc#: 1\n", 40_000),
    "unknown fields with long names": HEAD + each("task" * 250 + "#: 1\n", 1000),
    "tasks": in_tasks("{name: t#, action: a.b}, ", 9000),
    "tasks of one name": in_tasks("{name: t, action: a.b}, ", 9000),
    "all lead nowhere": in_tasks("{name: t#, action: a.b, on_success: u#}, ", 7000),
    "all lead to all": in_tasks(f"{{name: t#, action: a.b, next: [{{do: [{_TARGETS}]}}]}}, ", 200),
    "nested parallel": in_tasks("{name: a, type: parallel, tasks: [" * 20 + "]}" * 20, 1),
    "aliases of tasks": HEAD + "tasks:\n- &t {name: t, action: a.b}\n" + "- *t\n" * 9000,
}
