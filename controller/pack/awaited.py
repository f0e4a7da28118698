"""The packs whose coming may change what is found of another. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Awaited:
    """What the pack `ref` (empty: unknown) lacks in the database, by the refs of other packs.

    It is not applied before those that are `needed` are; those that are `called` would settle what
    is said of its workflows.
    """

    ref: str = ""
    needed: frozenset[str] = NOTHING
    called: frozenset[str] = NOTHING

    @property
    def packs(self) -> frozenset[str]:
        """All of them."""
        return self.needed | self.called
