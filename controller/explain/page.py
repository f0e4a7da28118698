"""What a page holds, and short ways to write one. Imports `pack`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent, indent

from controller.pack.diagnostic import Rule
from controller.pack.tree import EntryKind

MANIFEST = "pack.yaml"
WORKFLOW = "workflows/deploy.yaml"

_MANIFEST = 'ref: demo\nlabel: Demo\nversion: "1.0.0"\n'
_HEAD = 'version: "1.0.0"\n'


@dataclass(frozen=True, slots=True)
class Long:
    """A text with one line so often that nobody wants to read all of it."""

    head: str
    line: str
    times: int
    tail: str = ""

    @property
    def text(self) -> str:
        """The whole of it."""
        return self.head + self.line * self.times + self.tail

    @property
    def shown(self) -> str:
        """As much of it as makes it plain."""
        margin = " " * (len(self.line) - len(self.line.lstrip(" ")))
        more = f"{margin}# … and so on: {self.times:,} such lines\n"
        return self.head + self.line + more + self.tail


Content = str | bytes | Long | EntryKind
"""What stands under a name in a pack; an EntryKind for what is not a file."""


@dataclass(frozen=True, slots=True)
class Example:
    """A pack, or the files of one that matter: path → content.

    `spec_ref` is the `spec.ref` of the Pack that asks for it. `database` is given when the example
    needs one: the refs of the actions that it holds, and `packs` each pack by
    ref: its version, then its dependencies.
    """

    files: Mapping[str, Content]
    has_manifest: bool = True
    spec_ref: str | None = None
    database: frozenset[str] | None = None
    packs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def pack(self) -> dict[str, str | bytes | EntryKind]:
        """Every file, with the usual pack.yaml where the example does not bring its own."""
        usual: dict[str, Content] = {MANIFEST: _MANIFEST} if self.has_manifest else {}
        everything = {**usual, **self.files}
        return {path: _whole(content) for path, content in everything.items()}

    @property
    def shown(self) -> dict[str, str]:
        """The files of the example as they can be printed."""
        return {path: _printable(content) for path, content in self.files.items()}


def _whole(content: Content) -> str | bytes | EntryKind:
    return content.text if isinstance(content, Long) else content


def _printable(content: Content) -> str:
    if isinstance(content, EntryKind):
        return f"# no file: a {content.value}\n"
    if isinstance(content, bytes):
        return content.decode(errors="backslashreplace")
    return content.shown if isinstance(content, Long) else content


@dataclass(frozen=True, slots=True)
class Page:
    """`why` is Markdown; `also` are the codes that the bad example cannot help having as well.

    `comment` says whether a comment in the file can ignore the rule.
    """

    rule: Rule
    why: str
    bad: Example
    good: Example
    also: tuple[str, ...] = ()
    comment: bool = True


Given = str | Mapping[str, Content] | Example


def page(
    rule: Rule,
    why: str,
    *,
    bad: Given,
    good: Given,
    also: tuple[str, ...] = (),
    comment: bool = True,
) -> Page:
    """A page whose texts are indented as the code around them; a bare text is a workflow file."""
    return Page(rule, dedent(why).strip(), _example(bad), _example(good), also, comment)


def _example(given: Given) -> Example:
    if isinstance(given, Example):
        return given
    return Example({WORKFLOW: yaml(given)} if isinstance(given, str) else given)


def yaml(text: str) -> str:
    """`text` at the left margin, without the empty lines around it."""
    lines = dedent(text).strip("\n")
    return f"{lines}\n" if lines else ""


def tasks(text: str, *, first: str = "") -> str:
    """A workflow file of these tasks; `first` is what stands between version and tasks."""
    return f"{_HEAD}{yaml(first)}tasks:\n{indent(yaml(text), '  ')}"
