"""The files of actions beside each other, the workflows, and the tree. Pure.

May import `load.files`, `pack` and the neighbours. What is wrong is said at the file of the
action: the workflow of the same ref can be stored all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from posixpath import dirname, join, normpath

from controller.load.files import ACTIONS, DIRECTORIES
from controller.pack import rules
from controller.pack.diagnostic import Diagnostic
from controller.pack.report import quoted
from controller.validate.action import ActionResult, EntryPoint
from controller.validate.examined import Examined

# A tree has the names of these folders only.
_LISTED = frozenset(("", ACTIONS, *DIRECTORIES))


def check_actions(examined: Examined) -> list[Diagnostic]:
    """Refs that are taken twice, and entry points that are not there."""
    names = examined.selection.names
    missing = [
        _missing(one, one.entry_point)
        for one in examined.actions
        if one.entry_point is not None and not _is_there(one.entry_point, names)
    ]
    return [*missing, *_duplicates(examined)]


def _missing(action: ActionResult, entry: EntryPoint) -> Diagnostic:
    message = f"there is no file {quoted(entry.text)} in `{ACTIONS}/` or in the pack's folder"
    hint = "Commit the file, or correct the name."
    return Diagnostic(
        rules.NO_ENTRY_POINT, message, action.file, entry.span, path=entry.field, hint=hint
    )


def _is_there(entry: EntryPoint, names: Collection[str]) -> bool:
    """Whether the file is there, or may be: in a folder of which nobody knows the content."""
    return any(path in names or _is_in_the_dark(path, names) for path in _paths(entry))


def _paths(entry: EntryPoint) -> tuple[str, str]:
    """Where the file may be."""
    return normpath(join(ACTIONS, entry.text)), normpath(entry.text)


def _is_in_the_dark(path: str, names: Collection[str]) -> bool:
    folder = dirname(path)
    while folder not in _LISTED:
        if f"{folder}/" in names or folder in names:
            return True
        folder = dirname(folder)
    return False


def _duplicates(examined: Examined) -> Iterator[Diagnostic]:
    by_ref: defaultdict[str, list[ActionResult]] = defaultdict(list)
    for action in examined.actions:
        if action.declared is not None:
            by_ref[action.declared].append(action)
    workflows = {one.declared: one.file for one in examined.workflows if one.declared in by_ref}
    for ref, group in by_ref.items():
        for action in group:
            others = [one.file for one in group if one is not action]
            if ref in workflows and not _runs(action, workflows[ref]):
                others.append(workflows[ref])
            if others:
                yield _duplicate(ref, action, others)


def _runs(action: ActionResult, workflow: str) -> bool:
    """Whether the action is the workflow's own: Attune makes one row of the two."""
    return action.entry_point is not None and workflow in _paths(action.entry_point)


def _duplicate(ref: str, action: ActionResult, others: list[str]) -> Diagnostic:
    listed = ", ".join(f"`{one}`" for one in others[:3]) + (" …" if len(others) > 3 else "")
    message = f"`{ref}` is also defined in {listed}"
    hint = "Give each action and workflow a ref of its own."
    return Diagnostic(
        rules.DUPLICATE_ACTION, message, action.file, action.span, path="ref", hint=hint
    )
