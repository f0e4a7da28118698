"""The findings of all packs that were checked, as every format gets them. Imports `pack`.

Everything in them is scrubbed, and paths are as the reader of the report knows them: from the
folder that the command ran in, or from the root of the repository.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from controller.errors import PackError
from controller.pack.diagnostic import Diagnostic
from controller.redact import scrub


@dataclass(frozen=True, slots=True)
class PackResult:
    """One pack: `name` is what the user calls it, `revision` the commit of a repository.

    `files` are those that were read, `lines` the lines of those with findings. `failure` says why
    the pack could not be checked; there are no findings then.
    """

    name: str
    files: tuple[str, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    revision: str = ""
    lines: Mapping[str, Sequence[str]] = field(default_factory=dict)
    failure: PackError | None = None

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(one.is_error for one in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return len(self.findings) - self.errors


@dataclass(frozen=True, slots=True)
class Results:
    """All packs, in the order in which they were asked for; `strict`: warnings fail, too."""

    packs: tuple[PackResult, ...]
    strict: bool = False

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Those of all packs; within each pack errors come first."""
        return tuple(one for pack in self.packs for one in pack.findings)

    @property
    def unable(self) -> tuple[PackResult, ...]:
        """The packs that could not be checked."""
        return tuple(pack for pack in self.packs if pack.failure is not None)

    @property
    def failed(self) -> bool:
        """Whether there is a finding that fails the check."""
        return any(self.strict or one.is_error for one in self.findings)


def place(found: Sequence[Diagnostic], at: Callable[[str], str]) -> tuple[Diagnostic, ...]:
    """`found` as it may be shown; `at` turns a path inside the pack into the reader's."""
    return tuple(
        replace(
            one,
            file=scrub(at(one.file)),
            message=scrub(one.message),
            hint=scrub(one.hint),
            path=scrub(one.path),
            workflow=scrub(one.workflow),
        )
        for one in found
    )
