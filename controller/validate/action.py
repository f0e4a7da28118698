"""One file of an action: bytes → what it takes, and diagnostics. Pure, total.

May import `load`, `workflow.fields`, `pack` and the neighbours. The controller stores no actions:
it reads them to check the calls in workflows, and what would stop them from running.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.load.select import ActionFile
from controller.pack.diagnostic import Diagnostic, Span
from controller.pack.signature import Signature
from controller.validate.ignores import NONE, Ignores


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """What an action runs, as its file spells it."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What one file says; `ref` is None when nobody can tell it, `signature` likewise."""

    file: str
    ref: str | None
    signature: Signature | None
    entry_point: EntryPoint | None
    diagnostics: tuple[Diagnostic, ...]
    ignores: Ignores = NONE


def check_action(source: ActionFile, data: bytes, pack_ref: str | None) -> ActionResult:
    """Check the content of one file as an action of the pack `pack_ref` (None: not known)."""
    del data, pack_ref
    return ActionResult(source.entry.path, None, None, None, ())
