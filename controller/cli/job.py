"""The check of `packctl validate`, as often as it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import typer

from controller.cli.checking import Checker
from controller.cli.output import Exit, fail, screen
from controller.cli.progress import Progress
from controller.cli.reporting import Reporting
from controller.cli.roots import folders
from controller.cli.targets import Target
from controller.cli.watching import UnwatchableError, changes
from controller.formats import Results

Find = Callable[[], list[Target]]


@dataclass(slots=True)
class Job:
    """What is checked, by whom, and how it is told."""

    find: Find
    checker: Checker
    reporting: Reporting
    strict: bool
    last: Results | None = None

    def run(self) -> Exit:
        """Check and tell."""
        self.last = self._check()
        return self.reporting.tell(self.last)

    def watch(self, names: Sequence[Path]) -> None:
        """Check and tell now and at each change of what `names` stand for, until Ctrl-C."""
        self.find()
        try:
            for found in changes(lambda: folders(names)):
                if found is None or found:
                    self._again()
        except UnwatchableError as error:
            fail(error)

    def _again(self) -> None:
        """Check, and tell what is new since the last time in place of it."""
        # A name may stand for no pack while files move; the next change may bring it back.
        with suppress(typer.Exit):
            found = self._check()
            if found != self.last:
                self.last = found
                screen().clear()
                self.reporting.tell(found)

    def _check(self) -> Results:
        with Progress(quiet=self.reporting.quiet) as progress:
            return Results(self.checker.check(self.find(), progress), self.strict)
