"""Repositories for the Git benchmark: one large one, and many small ones, through fast-import."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from hack.packrepo import PackRepo, pack

FILES_EACH = 20


def large(path: Path, *, commits: int, files: int, packs: int) -> PackRepo:
    """One repository with a history: `packs` packs, `files` other files, `commits` commits."""
    repo = PackRepo(path)
    repo.commit({name: text for number in range(packs) for name, text in in_folder(number).items()})
    stream = b"".join(_history(repo.head(), commits, files))
    subprocess.run(
        ["git", "fast-import", "--quiet", "--done", "--force"],
        cwd=path,
        input=stream + b"done\n",
        check=True,
    )
    repo.git("repack", "-adq")
    return repo


def in_folder(number: int) -> dict[str, str]:
    """A small pack in the folder `packs/<number>`."""
    name = f"p{number:04}"
    return {f"packs/{name}/{path}": text for path, text in pack(name, workflows=1, tasks=2).items()}


def folder(number: int) -> str:
    """The folder of the pack of that number."""
    return f"packs/p{number:04}"


def touch(repo: PackRepo, number: int, word: str) -> str:
    """Commit a change of one workflow of one pack."""
    name = f"p{number:04}"
    files = pack(name, workflows=1, tasks=2)
    path = "workflows/workflow_001.yaml"
    return repo.commit({f"{folder(number)}/{path}": f"{files[path]}description: {word}\n"})


def _history(parent: str, commits: int, files: int) -> Iterator[bytes]:
    """Each commit writes some of the files, so that in the end all are there."""
    each = max(1, files // commits)
    for number in range(commits):
        line = f"from {parent}\n".encode() if number == 0 else b""
        message = b"change %d" % number
        yield b"commit refs/heads/main\ncommitter A <a@example.com> %d +0000\n" % (
            1_700_100_000 + number
        )
        yield b"data %d\n%s\n%s" % (len(message), message, line)
        for place in range(number * each, (number + 1) * each):
            text = b"file %d of commit %d\n" % (place % files, number) * 8
            path = b"src/%03d/file_%05d.txt" % (place % files // 100, place % files)
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(text), text)
