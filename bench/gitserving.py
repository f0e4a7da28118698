"""A Git server in a process of its own, so that its work is not counted as the product's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hack.gitserver import GitServer


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """Serve the repositories below `root`; gives the address that their names follow."""
    command = [sys.executable, "-m", "bench.gitserving", str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin
        assert server.stdout
        try:
            yield server.stdout.readline().decode().strip()
        finally:
            server.stdin.close()


def _serve(root: Path) -> None:
    with GitServer(root) as server:
        print(server.url(""), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
