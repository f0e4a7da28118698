"""Texts that are right, in the workflow that `wrong` tells of."""

from __future__ import annotations

RIGHT = [
    "{{ }}",
    "{{\t\u2003 }}",
    "{{ '' }}",
    r"""{{ 'a\'b' + "a\"b" + 'a\d' + '\\' }}""",
    "{{ body }} }}",
    "{ { nope } }",
    "100 % of {{ 5 % 2 }}",
    "{{ 1.5 + 9223372036854775807 * -(2) / 3 }}",
    "{{ body . x [ 'y' ] }}",
    "{{ task.a.in.not.or.true }}",
    "{{ task['fetch-it'].result.data[0] }}",
    "{{ workflow.x + vars['my-var'] + variables.y + tasks.a + config.z + keystore.k + system.s }}",
    "{{ not not true and not body == 1 or -1 in [1, 2,] }}",
    "{{ 1 < 2 == true != false >= [] }}",
    "{{ length (body) }}",
    "{{ result() + string(result(1, 2)) + range(3) + range(1, 3) }}",
    "{{ slice(body, 1) == slice(body, 1, 2) }}",
    "{{ match(body, '(') }}",
    "{{ (body)['a'].b }}",
    "{{ " + "(" * 64 + "1" + ")" * 64 + " }}",
    "{{ " + "not " * 64 + "true }}",
    "{{ 1" + " + 1" * 5000 + " }}",
    "{{ body.x\u00a0+\u2003'\U0001f600' }}",
]

NO_PATTERNS = ["(a", "a)", "[a", "[]", "a|*", "(+)", "?", "a{3,2}", r"a\\"]

PATTERNS = [
    "",
    r"^[(]\d{2,3}(?:a|b)*?$",
    "[[:alpha:]&&[^a]]",
    r"(?P<n>a)(?<m>b)(?i:c)(?=d)(?<!e)",
    "(?x) a # (",
    "(?# ( )",
    "[]a]",
    "[^]a]",
    r"[\]a]",
    "{a}",
    "a**",
    "^*",
    r"\p{L}\z",
    "a{2,}{,3}",
]
"""What Rust or Python takes: nobody is told off for knowing more than this program."""
