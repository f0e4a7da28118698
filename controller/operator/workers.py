"""The threads that run the handler on what the queue gives them. Imports the queue and the log."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from contextvars import copy_context

import structlog
from structlog.contextvars import bind_contextvars

from controller.operator.queue import WorkQueue
from controller.operator.schedule import Turn
from controller.pack.identity import PackKey
from controller.redact import brief

Handle = Callable[[Turn], float | None]
"""Brings one Pack up to date; in how many seconds it wants to run again, None: only when added."""

_log = structlog.get_logger(__name__)


class Workers:
    """`count` threads. A failure of the handler costs its key a back-off and never a thread."""

    def __init__(self, queue: WorkQueue, handle: Handle, *, count: int = 16) -> None:
        self._queue = queue
        self._handle = handle
        # Daemons, because a handler that outlives its grace must not hold up the exit.
        self._threads = [
            threading.Thread(target=self._work, name=f"worker-{number}", daemon=True)
            for number in range(count)
        ]

    def start(self) -> None:
        """Begin to take keys."""
        for thread in self._threads:
            thread.start()

    def stop(self, grace: float) -> tuple[PackKey, ...]:
        """Take no more keys and wait up to `grace` seconds; the keys that still run are abandoned.

        Abandoning is safe: rows change in one transaction, and the next start lists every Pack.
        """
        self._queue.close()
        deadline = time.monotonic() + grace
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return self._queue.running()

    def _work(self) -> None:
        while (turn := self._queue.get()) is not None:
            # What is bound to the log lines of a turn goes with its context.
            self._queue.done(turn.key, copy_context().run(self._named, turn))

    def _named(self, turn: Turn) -> float | None:
        """Run it, with a name that all its log lines share."""
        bind_contextvars(reconcile_id=secrets.token_hex(4), pack=str(turn.key))
        return self._run(turn)

    def _run(self, turn: Turn) -> float | None:
        try:
            return self._handle(turn)
        except Exception as error:  # noqa: BLE001 - one Pack's surprise must not stop the others
            delay = self._queue.backoff(turn.key)
            _log.error(
                "reconcile failed unexpectedly",
                pack=str(turn.key),
                error=type(error).__name__,
                message=brief(str(error)),
                retry_seconds=round(delay, 1),
            )
            return delay
