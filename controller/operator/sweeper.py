"""A thread that now and then goes slowly through the history and removes what nothing needs.

Only where this controller leads. Each sync tidies up after itself; this is for what gets too old
without a sync, for packs that are gone, and for what a process left that was killed. Imports
`store`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import structlog

from controller.errors import PackError
from controller.store import Removed, Store

_PATIENCE = 5.0
_FAILURES = 3

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds before the first round, from one round to the next, and from one pack to the next.

    A pack takes some milliseconds, so that a round takes a few hundredths of one core of the
    database while it lasts.
    """

    first: float = 600.0
    every: float = 6 * 3600.0
    pause: float = 0.1


_DEFAULT = Pace()


class Sweeper:
    """Sweeps all packs of a store, round after round."""

    def __init__(self, store: Store, pace: Pace = _DEFAULT) -> None:
        self._store = store
        self._pace = pace
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Begin to wait for the first round."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the pack under way; a database that hangs is not waited for."""
        self._stopping.set()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        wait = self._pace.first
        while not self._stopping.wait(wait):
            self._round()
            wait = self._pace.every

    def _round(self) -> None:
        failed = 0
        for pack_ref in self._packs():
            # One pack that cannot be swept keeps no other from it; a database that is away does.
            failed = 0 if self._swept(pack_ref) else failed + 1
            if failed == _FAILURES or self._stopping.wait(self._pace.pause):
                return

    def _packs(self) -> tuple[str, ...]:
        try:
            return self._store.packs()
        except PackError as error:
            _log.warning("history not swept", error=str(error))
            return ()

    def _swept(self, pack_ref: str) -> bool:
        try:
            _tell(pack_ref, self._store.sweep(pack_ref))
        except PackError as error:
            _log.warning("history not swept", ref=pack_ref, error=str(error))
            return False
        return True


def _tell(pack_ref: str, removed: Removed) -> None:
    if removed != Removed():
        _log.info(
            "history swept",
            ref=pack_ref,
            revisions=removed.revisions,
            bodies=removed.bodies,
            attempts=removed.attempts,
        )
