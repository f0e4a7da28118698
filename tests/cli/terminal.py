"""A program on a terminal of its own, or with a pipe, and what it has printed so far."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

from tests.e2e.waiting import PATIENCE, eventually


class Screen:
    """`packctl` under way, both of its streams in one; killed at the end if it still runs.

    On a terminal if `terminal`, else with a pipe; with a keyboard if `keyboard`, see `types`.
    """

    def __init__(
        self, folder: Path, *arguments: str, terminal: bool, keyboard: bool = False
    ) -> None:
        self._read, write = pty.openpty() if terminal else os.pipe()
        variables = {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "controller", *arguments],
            cwd=folder,
            env={**os.environ, **variables},
            stdin=write if keyboard else subprocess.DEVNULL,
            stdout=write,
            stderr=write,
        )
        os.close(write)
        self._printed: list[bytes] = []
        self._reader = threading.Thread(target=self._drain)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        os.close(self._read)

    @property
    def text(self) -> str:
        """Everything so far."""
        return b"".join(self._printed).decode()

    def shows(self, part: str, *, times: int = 1) -> str:
        """Wait until `part` was printed so often; all that was printed by then."""
        return eventually(
            lambda: self.text if self.text.count(part) >= times else None, lambda: self.text
        )

    def types(self, text: str) -> None:
        """Type at the terminal's keyboard."""
        os.write(self._read, text.encode())

    def interrupt(self) -> int:
        """Press Ctrl-C; what it ends with."""
        return self.send(signal.SIGINT)

    def send(self, number: signal.Signals) -> int:
        """Send it a signal; what it ends with."""
        self._process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """What it ends with by itself."""
        return self._process.wait(PATIENCE)

    def _drain(self) -> None:
        while True:
            try:
                data = os.read(self._read, 65536)
            except OSError:  # how Linux says that the other end of a terminal is closed
                return
            if not data:
                return
            self._printed.append(data)
