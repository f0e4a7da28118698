"""`packctl run` as a process of its own, as in production, and what it logs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hack.localcluster.guard import Guard
from tests.e2e.waiting import PATIENCE, eventually

_ROOT = Path(__file__).parents[2]


class Controller:
    """One controller at a time; `settings` are its PACKCTL_ variables, without the prefix.

    `settings` and `environment`, which has other variables, may be changed between `stop` and
    `start`. Nothing of it outlives `guard`.
    """

    def __init__(
        self, guard: Guard, settings: Mapping[str, str], *, name: str = "controller"
    ) -> None:
        self.settings = dict(settings)
        self.environment: dict[str, str] = {}
        self._guard = guard
        self._log = guard.folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def twin(self, name: str, **settings: str) -> Controller:
        """Another controller for the same Packs and rows, as in a second Pod: with a cache and a
        log of its own; `settings` lie over those of this one. It is not started."""
        cache = {"cache_dir": str(self._guard.folder / f"cache of {name}")}
        return Controller(self._guard, {**self.settings, **cache, **settings}, name=name)

    def start(self, *, until: str = "working") -> None:
        """Start it, and wait until it logs `until`."""
        before = len(self.lines())
        with self._log.open("ab") as log:
            self._process = self._guard.spawn(
                [sys.executable, "-m", "controller", "run"], log, environment=self._environment()
            )
        self.wait_for_line(until, after=before)

    def stop(self) -> int:
        """Ask it to end (SIGTERM) and wait; its exit code."""
        return self._end(signal.SIGTERM)

    def terminate(self) -> None:
        """Ask it to end (SIGTERM); `wait_ended` waits."""
        self._running.terminate()

    def kill(self) -> None:
        """End it at once (SIGKILL), as when its machine goes away."""
        self._end(signal.SIGKILL)

    def wait_ended(self, seconds: float = 30.0) -> int:
        """Wait until it ends by itself; its exit code."""
        return self._running.wait(seconds)

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged so far, whole lines only, of all its lives."""
        return [json.loads(line) for line in self.text().splitlines(keepends=True) if _whole(line)]

    def text(self) -> str:
        """The same as text."""
        return self._log.read_text() if self._log.exists() else ""

    def wait_for_line(
        self, event: str, *, after: int = 0, seconds: float = PATIENCE, **fields: Any
    ) -> dict[str, Any]:
        """The first line after `after` others that says `event`, with these fields."""
        wanted = {"event": event, **fields}

        def look() -> dict[str, Any] | None:
            fits = (line for line in self.lines()[after:] if wanted.items() <= line.items())
            found = next(fits, None)
            if found is None and self._process and self._process.poll() is not None:
                raise AssertionError(f"it ended with {self._process.returncode}: {self.text()}")
            return found

        return eventually(look, lambda: f"no line {wanted} in {self.text()}", seconds=seconds)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._running.pid

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process, "it was not started"
        return self._process

    def _end(self, number: signal.Signals) -> int:
        self._running.send_signal(number)
        return self._running.wait(30)

    def _environment(self) -> dict[str, str]:
        given = {f"PACKCTL_{name.upper()}": value for name, value in self.settings.items()}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._guard.folder),
            "PYTHONPATH": str(_ROOT),
            **given,
            **self.environment,
        }


def _whole(line: str) -> bool:
    return line.endswith("\n") and line.startswith("{")
