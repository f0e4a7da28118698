"""Comments that take a diagnostic away: `# attune: ignore[ATT206]`. Pure; may import `pack`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controller.pack.diagnostic import Diagnostic
from controller.pack.node import Document
from controller.pack.report import Report


@dataclass(frozen=True, slots=True)
class Ignores:
    """The comments of one file."""

    def cover(self, one: Diagnostic) -> bool:
        """Whether a comment speaks of this diagnostic."""
        del one
        return False

    def unused(self, found: Iterable[Diagnostic], file: str) -> list[Diagnostic]:
        """A warning for each comment that covers none of `found`."""
        del found, file
        return []


NONE = Ignores()


def ignores(text: str, document: Document | None, report: Report) -> Ignores:
    """The comments in a file's text; what is wrong with them goes into the report."""
    del text, document, report
    return NONE
