"""Each mistake in an expression is told once, at its very characters, with what to write."""

from __future__ import annotations

import pytest

from controller.pack.diagnostic import Severity, Span
from tests.validate.packs import check_one
from tests.workflow.expressions.right import NO_PATTERNS, PATTERNS, RIGHT
from tests.workflow.expressions.wrong import CALLS, FOREIGN, NAMES, SYNTAX, Wrong

_WORKFLOW = """\
version: "1.0.0"
parameters: {{host: {{type: string}}, hosts: {{type: array}}, my-flag: {{type: boolean}}}}
vars: {{region: eu, my-var: 1}}
tasks:
  - name: fetch-it
    action: core.echo
    next: [{{publish: [body: "{{{{ result() }}}}"], do: [a]}}]
  - name: a
    action: core.echo
    input:
      x: |
        {text}
"""
_LINE, _COLUMN = 12, 9

_ALL = {
    f"{kind}: {name}": wrong
    for kind, table in (("syntax", SYNTAX), ("foreign", FOREIGN), ("name", NAMES), ("call", CALLS))
    for name, wrong in table.items()
}


@pytest.mark.parametrize("wrong", _ALL.values(), ids=_ALL.keys())
def test_says_what_is_wrong_where_and_what_to_write(wrong: Wrong) -> None:
    code, marked, hint = wrong
    before, part, _ = marked.replace("⟧", "⟦").split("⟦")
    text = marked.replace("⟦", "").replace("⟧", "")
    (found,) = check_one(_WORKFLOW.format(text=text)).diagnostics
    start = _COLUMN + len(before)
    assert (found.rule.code, found.span, found.path, found.hint) == (
        code,
        Span(_LINE, start, _LINE, start + len(part)),
        "tasks[1].input.x",
        hint,
    )


@pytest.mark.parametrize("text", RIGHT)
def test_what_attune_takes_is_not_complained_of(text: str) -> None:
    assert check_one(_WORKFLOW.format(text=text)).diagnostics == ()


@pytest.mark.parametrize("pattern", NO_PATTERNS)
def test_patterns_that_no_dialect_takes(pattern: str) -> None:
    (found,) = check_one(_WORKFLOW.format(text=f"{{{{ match('{pattern}', body) }}}}")).diagnostics
    assert (found.rule.code, found.severity) == ("ATT411", Severity.WARNING)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_that_some_dialect_takes(pattern: str) -> None:
    text = f"{{{{ match('{pattern}', body) }}}}"
    assert check_one(_WORKFLOW.format(text=text)).diagnostics == ()
