"""A rollback, as the database remembers it. Imports `spec`; no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from controller.pack.spec import RollbackSpec, Until

_SKIPS = 5
"""Commits that one rollback skips at most; who rolls back from one revision to another, again and
again, has the first of them skipped no more."""


@dataclass(frozen=True, slots=True)
class Rollback:
    """What `spec.rollback` led to: the revision `number` was applied in place of `before`.

    `skips` are the commits that are not applied though Git's head may be one of them. While it
    `is_open`, the head at the time is not known, and is to be one of them. When it `is_over`,
    another commit was applied, and the same wish is ignored from then on.
    """

    number: int
    until: Until
    before: str = ""
    skips: tuple[str, ...] = ()
    is_open: bool = True
    is_over: bool = False

    @classmethod
    def wanted(cls, spec: RollbackSpec, *skips: str) -> Self:
        """One that has not begun yet."""
        return cls(spec.revision, spec.until, skips=_distinct(skips))

    @classmethod
    def recorded(cls, document: Mapping[str, Any]) -> Self:
        """The one that a `document` was made of."""
        fields = {**document, "until": Until(document["until"])}
        return cls(**{**fields, "skips": tuple(document["skips"])})

    @property
    def document(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return asdict(self)

    def meets(self, spec: RollbackSpec) -> bool:
        """Whether it is what `spec` asks for."""
        return (self.number, self.until) == (spec.revision, spec.until)

    def is_like(self, other: Rollback) -> bool:
        """Whether the same is asked for."""
        return (self.number, self.until) == (other.number, other.until)

    def begun(self, before: str, *skips: str) -> Self:
        """It, when it takes the place of the revision `before`."""
        return replace(self, before=before, skips=_distinct((*skips, *self.skips)))

    def closed(self, *head: str) -> Self:
        """It, once Git was looked at: with its head, if that was to be had."""
        return replace(self, skips=_distinct((*self.skips, *head)), is_open=False)

    def ended(self) -> Self:
        """It, once another commit is applied."""
        return replace(self, is_open=False, is_over=True)


def _distinct(commits: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in commits if one))[-_SKIPS:]
