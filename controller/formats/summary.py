"""The last line of a report, and what to read next. Imports rich and the words of `status`."""

from __future__ import annotations

from rich.text import Text

from controller.formats.results import Results
from controller.status.words import plural

_GOOD, _BAD = ("✓ ", "bold green"), ("✗ ", "bold red")


def summary(results: Results) -> Text:
    """`✗ 3 errors, 2 warnings in 2 of 14 files.`, and how to learn more of the first of them."""
    checked = len(results.packs) - len(results.unable)
    if not checked:
        return Text.assemble(_BAD, "Nothing was checked.")
    mark = _BAD if results.failed or results.unable else _GOOD
    text = Text.assemble(mark, _counted(results), _among(results, checked), ".")
    if results.strict and results.failed and not _errors(results):
        text.append(" --strict: warnings fail, too.")
    if results.findings:
        code = min(results.findings, key=lambda one: not one.is_error).rule.code
        text.append(f"\n  To learn more of a rule: packctl explain {code}", "dim")
    return text


def _errors(results: Results) -> int:
    return sum(pack.errors for pack in results.packs)


def _counted(results: Results) -> str:
    errors = _errors(results)
    warnings = len(results.findings) - errors
    counts = (errors, "error"), (warnings, "warning")
    return ", ".join(plural(count, noun) for count, noun in counts if count) or "No problems"


def _among(results: Results, checked: int) -> str:
    files = len({file for pack in results.packs for file in pack.files})
    touched = len({one.file for one in results.findings})
    # A finding may be of a name that is no file to read, so it may be in more than there are.
    part = f"{touched} of " if 0 < touched < files else ""
    packs = f" of {plural(checked, 'pack')}" if len(results.packs) > 1 else ""
    unable = f"; {plural(len(results.unable), 'pack')} not checked" if results.unable else ""
    return f" in {part}{plural(files, 'file')}{packs}{unable}"
