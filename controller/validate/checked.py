"""What a pack's validation ends in. Imports `pack` and the comments of a file."""

from __future__ import annotations

from dataclasses import dataclass

from controller.pack.content import CompiledWorkflow, PackManifest
from controller.pack.diagnostic import Diagnostic
from controller.validate.ignores import NONE, Ignores
from controller.validate.needs import Need


@dataclass(frozen=True, slots=True)
class CheckedManifest:
    """`pack.yaml`; `ref` is the pack's ref as far as it is known, also without a valid manifest.

    `needs` are those of its dependencies that can be understood.
    """

    manifest: PackManifest | None
    ref: str | None
    diagnostics: tuple[Diagnostic, ...]
    ignores: Ignores = NONE
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class InvalidFile:
    """A workflow file with an error; `ref` is the ref it would have, as far as it is known."""

    file: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole pack: its valid workflows by ref, its invalid files by path, every diagnostic."""

    manifest: PackManifest | None
    workflows: tuple[CompiledWorkflow, ...]
    invalid: tuple[InvalidFile, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def validated_count(self) -> int:
        """How many workflow files were looked at."""
        return len(self.workflows) + len(self.invalid)

    @property
    def error_count(self) -> int:
        """How many diagnostics are errors."""
        return sum(one.is_error for one in self.diagnostics)

    @property
    def warning_count(self) -> int:
        """How many diagnostics are warnings."""
        return len(self.diagnostics) - self.error_count
