"""What the API wants of the cluster. Imports `pack` and values of
`reconcile`.

A Pack resource is known by what the watch told of it last; `operator` has the classes that fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from controller.pack.identity import PackKey
from controller.pack.spec import RollbackSpec
from controller.pack.status import PackStatus
from controller.reconcile import Asked


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
    def known_ref(self) -> str:
        """The ref that it has, or wants, or else its name."""

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

    def listening(self, hear: Callable[[PackKey], None]) -> AbstractContextManager[None]:
        """Within it, `hear` is told of each one that has changed or gone; it must be quick."""


class Orders(Protocol):
    """What can be done to a Pack resource. Each method takes requests, and may raise `PackError`:
    `Stalled` where there is none of this name any more."""

    def request(self, key: PackKey) -> str:
        """Have it reconciled now; what stands for that."""

    def ended(self, key: PackKey, asked: str, seconds: float) -> bool:
        """Whether the reconcile that was `asked` for ends within `seconds`."""

    def suspend(self, key: PackKey, *, suspend: bool) -> None:
        """Leave it alone, or no longer."""

    def roll_back(self, key: PackKey, wanted: RollbackSpec | None) -> None:
        """Have a recorded revision applied in place of Git's; None: Git's again."""

    def asked(self, key: PackKey) -> Asked:
        """What a reconcile of it would be asked to do, for one who only plans it."""
