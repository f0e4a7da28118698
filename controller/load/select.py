"""Which files of a pack's tree are read, and what is wrong with those that are not. Pure.

May import `pack` and `load.files`.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.load.files import (
    ACTIONS,
    DIRECTORIES,
    EXTENSIONS,
    MANIFEST,
    SETTINGS,
    directory,
    workflow_name,
)
from controller.pack import rules
from controller.pack.diagnostic import Diagnostic, Rule
from controller.pack.tree import Entry, EntryKind, PackTree


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """A file to read as a workflow; `name` is what its file name calls the workflow."""

    entry: Entry
    name: str


@dataclass(frozen=True, slots=True)
class ActionFile:
    """A file to read as an action; `name` is its file name without the extension."""

    entry: Entry
    name: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What to read of a pack, and every name in it, with `/` after that of a folder.

    `manifest` is None when there is no pack.yaml that can be read, `settings` likewise for
    packctl.toml.
    """

    manifest: Entry | None
    settings: Entry | None
    workflows: tuple[WorkflowFile, ...]
    actions: tuple[ActionFile, ...]
    names: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


def select(tree: PackTree, *, max_file_size: int) -> Selection:
    """Sort a tree's entries into what is read and what is not; `max_file_size` is in bytes."""
    found: list[Diagnostic] = []
    named: dict[str, Entry] = {}
    workflows: list[WorkflowFile] = []
    actions: list[ActionFile] = []
    for entry in tree.entries:
        if entry.path in (MANIFEST, SETTINGS):
            if _readable(entry, max_file_size, found):
                named[entry.path] = entry
        elif entry.path in DIRECTORIES:
            _check_directory(entry, found)
        elif _is_workflow(entry, found):
            if _readable(entry, max_file_size, found):
                workflows.append(WorkflowFile(entry, workflow_name(entry.path)))
        elif _is_action(entry) and _readable(entry, max_file_size, found):
            actions.append(ActionFile(entry, workflow_name(entry.path)))
    return Selection(
        manifest=named.get(MANIFEST),
        settings=named.get(SETTINGS),
        workflows=tuple(workflows),
        actions=tuple(actions),
        names=frozenset(_listed(entry) for entry in tree.entries),
        diagnostics=tuple(found),
    )


def _listed(entry: Entry) -> str:
    return f"{entry.path}/" if entry.kind is EntryKind.FOLDER else entry.path


def _is_action(entry: Entry) -> bool:
    if directory(entry.path) != ACTIONS or not entry.path.endswith(EXTENSIONS):
        return False
    hidden = entry.path.startswith(f"{ACTIONS}/.")
    return entry.kind in (EntryKind.FILE, EntryKind.SYMLINK) and not hidden


def _check_directory(entry: Entry, found: list[Diagnostic]) -> None:
    if entry.kind is not EntryKind.FOLDER:
        message = f"`{entry.path}` is a {entry.kind.value}, so no workflow in it is read"
        found.append(
            Diagnostic(rules.NOT_A_FILE, message, entry.path, hint="Make it a real folder.")
        )


def _is_workflow(entry: Entry, found: list[Diagnostic]) -> bool:
    folder, _, name = entry.path.rpartition("/")
    if folder not in DIRECTORIES:
        return False
    if entry.kind in (EntryKind.FOLDER, EntryKind.SUBMODULE) and not name.endswith(EXTENSIONS):
        _skip(entry, "is a folder inside a folder of workflows", "Move its files up.", found)
        return False
    if not name.lower().endswith(EXTENSIONS):
        return False
    if name.startswith("."):
        _skip(entry, "begins with a dot, as the files of editors do", "Rename it.", found)
        return False
    if not name.endswith(EXTENSIONS):
        _skip(entry, "has an extension in capitals", "Name it `.yaml` or `.yml`.", found)
        return False
    return True


def _skip(entry: Entry, why: str, hint: str, found: list[Diagnostic]) -> None:
    message = f"`{entry.path}` {why}: it is not read"
    found.append(Diagnostic(rules.NOT_READ, message, entry.path, hint=hint))


def _readable(entry: Entry, max_file_size: int, found: list[Diagnostic]) -> bool:
    problem = _problem(entry, max_file_size)
    if problem is None:
        return True
    rule, message, hint = problem
    found.append(Diagnostic(rule, message, entry.path, hint=hint))
    return False


def _problem(entry: Entry, max_file_size: int) -> tuple[Rule, str, str] | None:
    if entry.kind is not EntryKind.FILE:
        message = f"`{entry.path}` is a {entry.kind.value}, and only regular files are read"
        return rules.NOT_A_FILE, message, "Put the file itself there."
    if entry.size > max_file_size:
        message = f"`{entry.path}` is larger than the {max_file_size:,} bytes that are allowed"
        hint = "Split it, or raise `spec.validation.maxFileSize`, which goes up to 1Mi."
        return rules.TOO_LARGE, message, hint
    return None
