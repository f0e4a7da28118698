"""Long commands that say how long they have been at it. Imports the standard library and rich.

On a terminal one line is kept up to date; elsewhere (CI, a pipe) a plain line appears now and then,
so that nobody takes minutes of silence for a hang. All of it goes to standard error.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

_PLAIN_SECONDS = 15.0
_TERMINAL_SECONDS = 1.0
_TAIL_LINES = 20


class BuildError(Exception):
    """A program can be neither found nor made; the message says why and what to do."""


def run(
    title: str,
    argv: Sequence[str | Path],
    *,
    hint: str,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a command that may take minutes. Raises `BuildError` with the end of its output."""
    console = Console(stderr=True, highlight=False)
    began = time.monotonic()
    with (
        console.status(title) as status,
        subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
        ) as process,
    ):
        if not console.is_terminal:
            console.print(f"{title} ...")
        while True:
            try:
                interval = _TERMINAL_SECONDS if console.is_terminal else _PLAIN_SECONDS
                output, _ = process.communicate(timeout=interval)
                break
            except subprocess.TimeoutExpired:
                line = f"{title} ... {time.monotonic() - began:.0f} s"
                status.update(line) if console.is_terminal else console.print(line)
    if process.returncode:
        tail = "\n".join(output.splitlines()[-_TAIL_LINES:])
        raise BuildError(f"{title} failed:\n\n{tail}\n\n{hint}")
    console.print(f"{title}: done in {time.monotonic() - began:.0f} s")
