"""A pack of which every file was checked by itself. Imports `load`, `pack` and the neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from controller.load.select import Selection
from controller.validate.action import ActionResult
from controller.validate.checked import CheckedManifest
from controller.validate.file import FileResult
from controller.validate.settings import CheckedSettings


@dataclass(frozen=True, slots=True)
class Examined:
    """The results of all files, before they are held against each other and the database."""

    selection: Selection
    manifest: CheckedManifest
    settings: CheckedSettings
    workflows: tuple[FileResult, ...]
    actions: tuple[ActionResult, ...]

    @property
    def own(self) -> frozenset[str]:
        """The refs that files of the pack define, or would if they were valid."""
        results: tuple[FileResult | ActionResult, ...] = (*self.workflows, *self.actions)
        return frozenset(one.ref for one in results if one.ref is not None)

    @property
    def outside(self) -> frozenset[str]:
        """The refs that workflows call and no file of the pack defines."""
        called = {call.ref for one in self.workflows for call in one.calls}
        return frozenset(called) - self.own
