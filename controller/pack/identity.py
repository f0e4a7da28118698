"""Who asks: the name of a Pack resource, and the owner of rows. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class PackKey:
    """The name of a Pack resource."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Owner:
    """The one whose rows a pack's are: a Pack resource, or a person at the command line.

    `uid` is the resource's metadata.uid, so that a recreated Pack of the same name is told from
    the one before it; the command line has an empty uid and gives way to any Pack resource.
    """

    uid: str
    namespace: str
    name: str

    @property
    def is_resource(self) -> bool:
        """Whether a Pack resource is meant, and not the command line."""
        return bool(self.uid)

    def __str__(self) -> str:
        return f"Pack {self.namespace}/{self.name}" if self.is_resource else "packctl sync"


COMMAND_LINE = Owner(uid="", namespace="", name="packctl")
