"""What the files of a pack offer to callers: which workflows, and which inputs. Pure.

May import `load.files`, `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable

from controller.load.files import DIRECTORIES, directory
from controller.pack.signature import Signature
from controller.validate.action import ActionResult
from controller.validate.file import FileResult


def in_effect(workflows: Iterable[FileResult]) -> dict[str, FileResult]:
    """The file that counts for each ref: of two directories, the one that takes precedence."""
    ordered = sorted(workflows, key=lambda one: DIRECTORIES.index(directory(one.file)))
    return {one.ref: one for one in ordered if one.ref is not None}


def signatures(
    workflows: Iterable[FileResult], actions: Iterable[ActionResult]
) -> dict[str, Signature | None]:
    """What each ref of the pack takes; None when that is anything, or nobody can tell.

    The file of an action that runs a workflow says what the workflow takes, if it says so.
    """
    found = {ref: one.signature for ref, one in in_effect(workflows).items()}
    for action in actions:
        if action.ref is not None and (action.signature is not None or action.ref not in found):
            found[action.ref] = action.signature
    return found
