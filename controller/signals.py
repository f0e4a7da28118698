"""SIGTERM and SIGINT end what runs, in order. Imports nothing of ours."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Stoppable(Protocol):
    """Something that runs until it is stopped."""

    def stop(self) -> None:
        """End it, from any thread or a signal handler."""


@contextmanager
def stopped_by_signals(running: Stoppable) -> Iterator[None]:
    """SIGTERM and SIGINT stop `running`; a second one ends the process at once."""

    def on_signal(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        running.stop()

    before = {each: signal.signal(each, on_signal) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
