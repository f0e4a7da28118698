"""packctl as it is typed, in a folder of packs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from controller.cli import app
from hack.packrepo import pack

Packctl = Callable[..., Result]


@dataclass(frozen=True, slots=True)
class Case:
    """A command line, what it ends with, and parts of what it says on which stream."""

    typed: str
    code: int
    out: tuple[str, ...] = ()
    err: tuple[str, ...] = ()

    def check(self, done: Result) -> None:
        """That `done` is how it is to end."""
        assert done.exit_code == self.code, done.output
        assert not [part for part in self.out if part not in done.stdout], done.stdout
        assert not [part for part in self.err if part not in done.stderr], done.stderr


@pytest.fixture
def packctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packctl:
    """Run packctl where the folders `good` and `bad` are packs; `stdin` is what it reads."""
    write(tmp_path / "good", pack("good", 2))
    write(tmp_path / "bad", bad())
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, stdin=None: CliRunner().invoke(app, list(arguments), input=stdin)


def bad(ref: str = "bad") -> dict[str, str]:
    """A pack with one error and nothing else, at `workflows/broken.yaml:3:8`."""
    broken = f'ref: {ref}.broken\nversion: "1.0.0"\ntasks: here\n'
    return {**pack(ref, 1), "workflows/broken.yaml": broken}


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Put `files` into `folder`."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
