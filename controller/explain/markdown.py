"""Pages → Markdown: what `packctl explain` prints and docs/rules/ holds. Imports the neighbours."""

from __future__ import annotations

from collections.abc import Iterable

from controller.explain.page import Example, Page
from controller.pack.diagnostic import Rule

_LANGUAGES = {"yaml": "yaml", "yml": "yaml", "toml": "toml"}


def markdown(page: Page, said: str) -> str:
    """A page; `said` is what a check of its bad example prints."""
    rule = page.rule
    parts = [
        f"# {rule.code}: {rule.summary}",
        f"{rule.severity} · {rule.category} · {_adjustable(rule)}",
        page.why,
        "## Bad",
        *_files(page.bad),
        _fence("text", said),
        "## Good",
        *_files(page.good),
    ]
    if rule.adjustable:
        parts += ["## Changing the severity", *_settings(page)]
    return "\n\n".join(parts) + "\n"


def _adjustable(rule: Rule) -> str:
    return "adjustable" if rule.adjustable else "not adjustable"


def _files(example: Example) -> Iterable[str]:
    for path, text in example.shown.items():
        yield f"`{path}`"
        yield _fence(_LANGUAGES.get(path.rpartition(".")[2].lower(), "text"), text)


def _fence(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def _settings(page: Page) -> Iterable[str]:
    code = page.rule.code
    if page.comment:
        yield (
            f"For one line, a comment at its end or above it: `# attune: ignore[{code}]`. For the "
            f"file: `# attune: ignore-file[{code}]`."
        )
    yield 'For the pack, in packctl.toml beside pack.yaml (`"Ignore"`, `"Warn"` or `"Error"`):'
    yield _fence("toml", f'[severities]\n{code} = "Ignore"')
    yield "For one Pack in a cluster, which has the last word:"
    yield _fence("yaml", f"spec:\n  validation:\n    severities: {{{code}: Ignore}}")


_INDEX = """\
# Rules

What the files of a pack are checked by. An `Error` keeps a workflow out of the database, a
`Warning` does not. Every diagnostic has a code, a message, a hint, and its place: file, line,
column and the path inside the document. A code never changes its meaning, and
`packctl explain ATT304` prints its page. At most 100 problems of one rule are listed for
one file; ATT010 says how many more there are.

A rule that is adjustable can be made an error, a warning, or nothing: by a comment in the file,
packctl.toml, or the Pack's `spec.validation.severities`. The others are errors after which there
is nothing that could be stored, or that Attune itself refuses: it skips such a file with a line in
its log, reports success, and keeps the old version.

| code | severity | category | adjustable | summary |
|---|---|---|---|---|
"""


def index(pages: Iterable[Page]) -> str:
    """The page that lists all others."""
    return _INDEX + "".join(_row(page.rule) for page in pages)


def _row(rule: Rule) -> str:
    adjustable = "yes" if rule.adjustable else "no"
    link = f"[{rule.code}]({rule.code}.md)"
    return f"| {link} | {rule.severity} | {rule.category} | {adjustable} | {rule.summary} |\n"
