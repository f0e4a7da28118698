"""A line on the terminal that says what is going on, when it takes longer than a second."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.text import Text

_PATIENCE = 1.0


class Progress:
    """Shows what was said last, from one second after the beginning; on a terminal only."""

    def __init__(self, *, quiet: bool = False) -> None:
        screen = Console(stderr=True, highlight=False)
        self._status = screen.status("")
        self._timer = threading.Timer(_PATIENCE, self._status.start)
        self._timer.daemon = True
        self._shown = screen.is_terminal and not quiet

    def __enter__(self) -> Self:
        if self._shown:
            self._timer.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._shown:
            self._timer.cancel()
            self._timer.join()
            self._status.stop()

    def say(self, what: str) -> None:
        """What is going on from now on."""
        self._status.update(Text(f"{what}…"))
