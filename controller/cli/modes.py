"""The ways to run `packctl validate`, and which of them do not go together. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from controller.source.urls import is_url

_NEEDS_NAME = "--stdin needs --stdin-filename FILE: the pack around that name is checked with it."


@dataclass(frozen=True, slots=True)
class Modes:
    """What was asked for; `sources` are as they were typed."""

    sources: tuple[str, ...]
    fix: bool
    diff: bool
    watch: bool
    stdin: bool
    filename: Path | None

    @property
    def urls(self) -> list[str]:
        """The sources that are repositories."""
        return [one for one in self.sources if is_url(one)]

    def problem(self) -> str | None:
        """Why this cannot be done, and what to do about it; None when it can."""
        changing = "--diff" if self.diff else "--fix"
        changes, urls = self.fix or self.diff, bool(self.urls)
        problems = (
            (self.stdin and self.filename is None, _NEEDS_NAME),
            (self.filename is not None and not self.stdin, "--stdin-filename is for --stdin."),
            (self.stdin and bool(self.sources), "Name files, or give --stdin: not both."),
            (self.fix and self.diff, "--diff prints what --fix would write: give one of them."),
            (self.watch and changes, f"--watch only looks: run {changing} by itself."),
            (self.watch and self.stdin, "--watch is for files, and --stdin is none."),
            (self.watch and urls, "--watch is for folders, not for repositories."),
            (changes and urls, f"{changing} is for folders: clone the repository, and fix that."),
        )
        return next((text for is_so, text in problems if is_so), None)
