"""A pack of which every file was checked by itself. Imports `load`, `pack` and the neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from controller.load.files import workflow_name
from controller.load.select import Selection
from controller.validate.action import ActionResult
from controller.validate.checked import CheckedManifest
from controller.validate.file import FileResult, derived_ref
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
        """The refs that files of the pack define, or would if they were valid.

        A file that is not even read (a link, one that is too large) has the ref of its name.
        """
        refs = [one.ref for one in self.workflows] + [one.ref for one in self.actions]
        refs += [
            derived_ref(workflow_name(one.file), self.manifest.ref)
            for one in self.selection.diagnostics
        ]
        return frozenset(ref for ref in refs if ref is not None)

    @property
    def outside(self) -> frozenset[str]:
        """The refs that workflows call and no file of the pack defines."""
        called = {call.ref for one in self.workflows for call in one.calls}
        return frozenset(called) - self.own
