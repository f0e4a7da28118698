"""Packs and the repositories that hold them: the one builder for demo, tests and benchmarks.

A repository is bare and written through `git fast-import`, so that a commit of a thousand files
costs one process and no work tree. Imports the standard library and PyYAML.
"""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_EPOCH = 1_700_000_000  # of the first commit of a repository; each one after is a minute later
_PERSON = "Pack Author <author@example.com>"


@dataclass(frozen=True, slots=True)
class Symlink:
    """A symbolic link, by what it points at."""

    target: str


@dataclass(frozen=True, slots=True)
class Submodule:
    """A submodule, by the commit that it is pinned to (40 hex digits)."""

    commit: str


Content = str | bytes | Symlink | Submodule | None
"""What is at a path: a file's text or bytes, a link, a submodule; None removes what was there."""


class PackRepo:
    """A bare repository at `path`, which is created unless it exists. HEAD is the branch `main`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._minutes = itertools.count()
        if not (path / "HEAD").exists():
            path.mkdir(parents=True, exist_ok=True)
            self.git("init", "--quiet", "--bare", "--initial-branch=main")
            self.git("config", "uploadpack.allowFilter", "true")
            self.git("config", "uploadpack.allowAnySHA1InWant", "true")

    def commit(
        self,
        files: Mapping[str, Content],
        message: str = "Change the pack",
        *,
        branch: str = "main",
        author: str = _PERSON,
        time: int | None = None,
    ) -> str:
        """Commit on top of `branch` (paths not named stay as they are); the commit's SHA-1.

        `author` is "Name <address>"; `time` counts seconds since 1970 and has a fixed default, so
        that the same calls give the same SHA-1.
        """
        when = _EPOCH + 60 * next(self._minutes) if time is None else time
        parent = self.find(f"refs/heads/{branch}")
        stream = _commit_command(branch, f"{author} {when} +0000", message, parent)
        stream += b"".join(_file_command(path, content) for path, content in files.items())
        self.git("fast-import", "--quiet", "--done", "--force", stdin=stream + b"done\n")
        return self.head(branch)

    def head(self, branch: str = "main") -> str:
        """The SHA-1 of the commit that `branch` is at."""
        return self.git("rev-parse", "--verify", f"refs/heads/{branch}")

    def find(self, ref: str) -> str | None:
        """The SHA-1 that a full ref name holds, None when there is no such ref."""
        return self.git("for-each-ref", "--format=%(objectname)", ref) or None

    def tag(self, name: str, commit: str | None = None, *, message: str | None = None) -> None:
        """Tag a commit (default: HEAD); with a message it is an annotated tag. Moves an old tag."""
        annotation = ["--annotate", "--message", message] if message else []
        self.git("tag", "--force", *annotation, name, commit or "HEAD")

    def force(self, branch: str, commit: str) -> None:
        """Point a branch at a commit, whatever it was at, as a forced push does."""
        self.git("update-ref", f"refs/heads/{branch}", commit)

    def delete_branch(self, branch: str) -> None:
        """Delete a branch."""
        self.git("update-ref", "-d", f"refs/heads/{branch}")

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run git in the repository; its output, stripped. Raises `CalledProcessError`."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            input=stdin,
            stdout=subprocess.PIPE,
            check=True,
            env=_ENVIRONMENT,
        )
        return done.stdout.decode().strip()


# Neither the user's nor the machine's settings may change what is built.
_ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_COMMITTER_NAME": "Pack Author",
    "GIT_COMMITTER_EMAIL": "author@example.com",
    "GIT_COMMITTER_DATE": f"{_EPOCH} +0000",
}


def _commit_command(branch: str, person: str, message: str, parent: str | None) -> bytes:
    text = message.encode()
    head = f"commit refs/heads/{branch}\nauthor {person}\ncommitter {person}\n".encode()
    base = f"from {parent}\n".encode() if parent else b""
    return head + b"data %d\n%s\n" % (len(text), text) + base


def _file_command(path: str, content: Content) -> bytes:
    name = _quoted(path)
    match content:
        case None:
            return b"D %s\n" % name
        case Submodule(commit):
            return b"M 160000 %s %s\n" % (commit.encode(), name)
        case Symlink(target):
            return _blob_command(b"120000", name, target.encode())
        case str():
            return _blob_command(b"100644", name, content.encode())
        case bytes():
            return _blob_command(b"100644", name, content)


def _blob_command(mode: bytes, name: bytes, data: bytes) -> bytes:
    return b"M %s inline %s\ndata %d\n%s\n" % (mode, name, len(data), data)


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode(errors="surrogateescape")


def pack_yaml(ref: str, version: str = "1.0.0", **fields: Any) -> str:
    """The text of a `pack.yaml`; `fields` add to it or, when None, take out of it."""
    manifest = {"ref": ref, "label": ref, "version": version, **fields}
    return _yaml(manifest)


def workflow_yaml(ref: str, tasks: int = 2, **fields: Any) -> str:
    """The text of a valid workflow, a chain of `tasks` tasks; `fields` as in `pack_yaml`."""
    workflow = {
        "ref": ref,
        "label": ref.rpartition(".")[2],
        "version": "1.0.0",
        "parameters": {"message": {"type": "string", "default": "hello"}},
        "tasks": [_task(number, last=tasks) for number in range(1, tasks + 1)],
        **fields,
    }
    return _yaml(workflow)


def pack(ref: str, workflows: int = 10, tasks: int = 8) -> dict[str, str]:
    """A whole pack, text by path: `pack.yaml` and `workflows/workflow_001.yaml` and so on."""
    names = [f"workflow_{number:03}" for number in range(1, workflows + 1)]
    files = {f"workflows/{name}.yaml": workflow_yaml(f"{ref}.{name}", tasks) for name in names}
    return {"pack.yaml": pack_yaml(ref), **files}


def _task(number: int, *, last: int) -> dict[str, Any]:
    task: dict[str, Any] = {
        "name": f"step_{number}",
        "action": "core.echo",
        "input": {"message": "{{ parameters.message }}"},
    }
    if number < last:
        task["next"] = [{"when": "{{ succeeded() }}", "do": [f"step_{number + 1}"]}]
    return task


def _yaml(value: Mapping[str, Any]) -> str:
    present = {name: field for name, field in value.items() if field is not None}
    return yaml.dump(present, Dumper=yaml.CSafeDumper, sort_keys=False)
