"""What the API wants of the cluster. Imports `pack` only.

A Pack resource is known by what the watch told of it last; `operator` has the classes that fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from controller.pack.identity import PackKey
from controller.pack.status import PackStatus


class Followed(Protocol):
    """A Pack resource as it was seen last; it never changes."""

    @property
    def key(self) -> PackKey:
        """Its name."""

    @property
    def uid(self) -> str:
        """What tells it from an earlier one of the same name."""

    @property
    def url(self) -> str:
        """The repository, as the spec has it: not for everybody's eyes."""

    @property
    def wanted_ref(self) -> str:
        """The ref that the spec demands, empty where it takes any."""

    @property
    def is_suspended(self) -> bool:
        """Whether nothing is to be done for it."""

    def status(self) -> PackStatus:
        """What was said of it last."""


class Directory(Protocol):
    """The Pack resources. Each method may be called from any thread."""

    def all(self) -> Sequence[Followed]:
        """Every one."""

    def get(self, key: PackKey) -> Followed | None:
        """The one of this name."""
