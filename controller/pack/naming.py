"""The names that people give an applied revision: `12`, `latest`, `~1`, `main@1f3a9c2d`, `1f3a`.

Pure; imports nothing of ours. One way to read them for every command and the spec.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol, TypeVar

LATEST = "latest"
FORMS = (
    "Give its number (12), latest, ~1 for the one before the latest, a revision (main@1f3a9c2d) "
    "or the beginning of a commit (1f3a)."
)
"""What is said to one who gives none of them."""

RETENTION = "spec.historyLimit, PACKCTL_HISTORY_DAYS"
"""What decides which are kept."""

_SHORT = 8
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_COMMIT = re.compile(r"[0-9a-f]{4,64}", re.IGNORECASE)
_REVISION = re.compile(
    r"(?:(?P<name>.+)@)?(?:sha1:|sha256:)?(?P<commit>[0-9a-f]{4,64})", re.IGNORECASE
)
_BACK = re.compile(r"(?P<base>[^~]*)~(?P<back>[0-9]{0,6})")


class Applied(Protocol):
    """One applied revision, as far as it has names."""

    @property
    def number(self) -> int:
        """The pack's own, from 1."""
        ...

    @property
    def revision(self) -> str:
        """As `main@sha1:1f3a…`."""
        ...

    @property
    def commit(self) -> str:
        """The whole id."""
        ...


Entry = TypeVar("Entry", bound=Applied)


class NoSuchRevision(ValueError):
    """A name that is none, or that no revision has, or several have; the text says which are."""


@dataclass(frozen=True, slots=True)
class RevisionName:
    """A name that was read: at most one of `number` and `commit` is given, neither is the latest.

    `name` is the branch or tag that the commit must have been followed by, where it was given.
    `back` is how many kept revisions before that one is meant. `text` is as it was typed.
    """

    text: str
    number: int | None = None
    commit: str = ""
    name: str = ""
    back: int = 0

    def among(self, pack_ref: str, entries: Sequence[Entry]) -> Entry:
        """The one of `entries`, which are all that are kept, newest first, at least one.

        A commit that was applied several times is the newest of them. Raises `NoSuchRevision`.
        """
        place = self._place(pack_ref, entries) + self.back
        if place >= len(entries):
            raise _missing(f"{pack_ref} keeps no revision {self.text}.", entries)
        return entries[place]

    def _place(self, pack_ref: str, entries: Sequence[Applied]) -> int:
        if self.number is not None:
            return self._numbered(pack_ref, entries, self.number)
        if self.commit:
            return self._committed(pack_ref, entries)
        return 0

    def _numbered(self, pack_ref: str, entries: Sequence[Applied], number: int) -> int:
        found = _places(entries, lambda one: one.number == number)
        if found:
            return found[0]
        if number > entries[0].number:
            raise _missing(f"{pack_ref} has no revision {number} yet.", entries)
        raise _missing(
            f"{pack_ref} does not keep revision {number} any more ({RETENTION}).", entries
        )

    def _committed(self, pack_ref: str, entries: Sequence[Applied]) -> int:
        found = _places(entries, self._names)
        if not found:
            raise _missing(f"{pack_ref} keeps no revision {self.text}.", entries)
        if len({entries[place].commit for place in found}) > 1:
            listed = ", ".join(_shown(entries[place]) for place in found)
            raise NoSuchRevision(
                f"{self.text} is several revisions of {pack_ref}: {listed}. Give its number."
            )
        return found[0]

    def _names(self, one: Applied) -> bool:
        followed = one.revision.rpartition("@")[0]
        return one.commit.startswith(self.commit) and (not self.name or followed == self.name)


def read_name(text: str) -> RevisionName:
    """What `text` means. Up to six digits are a number, also where a commit begins so.

    Raises `NoSuchRevision` where it is no name at all.
    """
    back = _BACK.fullmatch(text)
    if back:
        name = _read(text, back["base"] or LATEST)
        return RevisionName(text, name.number, name.commit, name.name, int(back["back"] or 1))
    return _read(text, text)


def _read(text: str, base: str) -> RevisionName:
    if base == LATEST:
        return RevisionName(text)
    if _NUMBER.fullmatch(base):
        return RevisionName(text, number=int(base))
    found = _REVISION.fullmatch(base)
    if found is None:
        raise NoSuchRevision(f"{text!r} names no revision. {FORMS}")
    return RevisionName(text, commit=found["commit"].lower(), name=found["name"] or "")


def numbers(entries: Sequence[Applied]) -> str:
    """The numbers of `entries`, in ranges: `2, 5 to 9`."""
    ascending = enumerate(sorted(one.number for one in entries))
    runs = (
        [one for _, one in run] for _, run in groupby(ascending, lambda pair: pair[1] - pair[0])
    )
    return ", ".join(_run(run) for run in runs)


def _run(run: Sequence[int]) -> str:
    return f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0])


def _places(entries: Sequence[Applied], is_meant: Callable[[Applied], bool]) -> list[int]:
    return [place for place, one in enumerate(entries) if is_meant(one)]


def _missing(said: str, entries: Sequence[Applied]) -> NoSuchRevision:
    kept = "revision" if len(entries) == 1 else "revisions"
    return NoSuchRevision(f"{said} Kept: {kept} {numbers(entries)}.")


def _shown(one: Applied) -> str:
    return f"{one.number} ({shortened(one.revision)})"


def shortened(revision: str) -> str:
    """A revision for people: `main@1f3a9c2d` for `main@sha1:1f3a…`."""
    name, at, digest = revision.rpartition("@")
    return f"{name}{at}{digest.rpartition(':')[2][:_SHORT]}"
