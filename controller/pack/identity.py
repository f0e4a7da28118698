"""Who asks: the name of a Pack resource, the owner of rows, and what made them ask.

Imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    the one before it; it is empty where a pack was adopted for a Pack that has not come yet.
    `cluster` tells clusters from each other that share a database, empty where nobody knows. The
    command line has no namespace and gives way to any Pack resource.
    """

    uid: str
    namespace: str
    name: str
    cluster: str = ""

    @property
    def is_resource(self) -> bool:
        """Whether a Pack resource is meant, and not the command line."""
        return bool(self.namespace)

    def is_same(self, other: Owner) -> bool:
        """Whether it is this very resource; where there is none, whether it has this name."""
        return self.uid == other.uid and (bool(self.uid) or self.place == other.place)

    def is_namesake(self, other: Owner) -> bool:
        """Whether both have one name in one cluster, so that only the later one can be there."""
        return self.is_resource and bool(self.cluster) and self.place == other.place

    @property
    def place(self) -> tuple[str, str, str]:
        """Its cluster, namespace and name."""
        return self.cluster, self.namespace, self.name

    def __str__(self) -> str:
        return f"Pack {self.namespace}/{self.name}" if self.is_resource else "packctl sync"


class AskedBy(StrEnum):
    """What asked for a reconcile."""

    UNKNOWN = ""
    """In a record of another version of this program."""
    INTERVAL = "interval"
    """An interval was over, or a retry was due."""
    REQUEST = "request"
    """The requestedAt annotation."""
    SPEC = "spec"
    """A new Pack, or an edit of one."""
    START = "start"
    """The controller began to watch it."""
    WEBHOOK = "webhook"
    """The repository's server told of a push."""
    MOVED = "moved"
    """Another Pack's look saw something new in the repository."""
    DEPENDENCY = "dependency"
    """A pack that it waited for was applied."""
    ROLLBACK = "rollback"
    """spec.rollback, or `packctl rollback`."""
    APPROVAL = "approval"
    """A revision that waited was approved."""
    DELETION = "deletion"
    """The Pack is deleted."""
    COMMAND_LINE = "commandLine"
    """`packctl`."""

    @classmethod
    def _missing_(cls, value: object) -> AskedBy:  # noqa: ARG003  # Enum calls it so
        return cls.UNKNOWN


COMMAND_LINE = Owner(uid="", namespace="", name="packctl")
