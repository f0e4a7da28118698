"""Who asks, and what they may do. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Verb(StrEnum):
    """What can be allowed of a pack, in the words of Kubernetes."""

    GET = "get"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Target:
    """What somebody wants to see or change: a pack by its ref, and the Pack resource that it
    belongs to. Without a resource, `namespace` and `name` are empty. `Target()` is every pack."""

    ref: str = ""
    namespace: str = ""
    name: str = ""


class Grants(Protocol):
    """What somebody may do."""

    def allows(self, verb: Verb, target: Target) -> bool:
        """Whether they may do it; it may take a request, and raise `PackError`."""

    def shows(self, target: Target) -> bool:
        """Whether a list may have it. It may be stricter than `allows`: a list asks no question for
        each of thousands."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What at least one of several allows."""

    grants: tuple[Grants, ...]

    def allows(self, verb: Verb, target: Target) -> bool:
        """Whether one of them does."""
        return any(one.allows(verb, target) for one in self.grants)

    def shows(self, target: Target) -> bool:
        """Whether one of them does."""
        return any(one.shows(target) for one in self.grants)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is known."""

    name: str
    grants: Grants

    def may(self, verb: Verb, target: Target) -> bool:
        """Whether they may do it."""
        return self.grants.allows(verb, target)
