"""Expressions, templates and comments that are hard on those who read them."""

from __future__ import annotations

from tests.hostile.building import SIZE, each, in_tasks, in_when
from tests.validate.packs import WORKFLOW
from tests.workflow.bad_workflows import HEAD

EXPRESSIONS: dict[str, str] = {
    "open parentheses": in_when("{{ " + "(" * 500_000 + " }}"),
    "parentheses": in_when("{{ " + "(" * 300_000 + "1" + ")" * 300_000 + " }}"),
    "not not not": in_when("{{ " + "not " * 200_000 + "1 }}"),
    "minus minus": in_when("{{ " + "-" * 500_000 + "1 }}"),
    "blocks": in_when("{{ a }}" * 60_000),
    "openings": in_when("{{" * 500_000),
    "closings": in_when("}}" * 500_000),
    "unknown names": in_when(each("{{ n# }}", 40_000)),
    "unknown names in one block": in_when("{{ [" + each("n#, ", 50_000) + "] }}"),
    "names nearly known": in_when("{{ [" + each("paramters#, ", 30_000) + "] }}"),
    "one long name": in_when("{{ " + "a" * (SIZE) + " }}"),
    "one long text": in_when("{{ '" + "a" * (SIZE) + " }}"),
    "one long number": in_when("{{ " + "1" * (SIZE) + " }}"),
    "indexes": in_when("{{ " + "a[" * 400_000 + " }}"),
    "fields": in_when("{{ a" + ".a" * 300_000 + " }}"),
    "calls": in_when("{{ " + "max(" * 200_000 + " }}"),
    "arguments": in_when("{{ max(" + "1," * 150_000 + "1) }}"),
    "operators": in_when("{{ 1" + " + 1" * 100_000 + " }}"),
    "pipes": in_when("{{ " + "a | " * 200_000 + "b }}"),
    "YAQL": in_when("<% ctx(a) %>" * 80_000),
    "Jinja": in_when("{% if %}" * 80_000),
    "percent signs": in_when("%" * 500_000),
    "templates in inputs": in_tasks(
        "{name: t#, action: a.b, input: {x: [" + '"{{ x# }}", ' * 200 + "]}}, ", 100
    ),
    "escapes": in_tasks('{name: a, action: a.b, when: "{{ ' + "\\x61" * 200_000 + ' ( }}"}', 1),
    "a folded text": f"{HEAD}tasks:\n- when: >\n" + "    {{ ( }}\n" * 60_000,
    "a literal text": f"{HEAD}tasks:\n- when: |\n" + "    {{ ( }}\n" * 60_000,
    "pattern of brackets": in_when("{{ match('" + "(" * 400_000 + "', 'a') }}"),
    "pattern of repetitions": in_when("{{ match('" + "(" * 9 + "a" + "{1,999})" * 9 + "', 'a') }}"),
    "pattern of choices": in_when("{{ match('" + "a|" * 300_000 + "', 'a') }}"),
    "patterns": in_when(each("{{ match('(a#)+b{#}', 'a') }}", 20_000)),
    "published names": in_tasks("{name: t#, action: a.b, publish: [p#], when: '{{ q# }}'}, ", 5000),
    "ignores": WORKFLOW + "# attune: ignore[ATT206]\n" * 30_000,
    "ignores of no rule": WORKFLOW + each("# attune: ignore[ATTX#]\n", 20_000),
    "ignores in one comment": f"{WORKFLOW}# attune: ignore[{'ATT206,' * 80_000}]\n",
}
