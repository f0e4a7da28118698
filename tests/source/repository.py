"""A Git repository to fetch from, made by the real git without a working tree."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

PEOPLE = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}


class Repository:
    """A bare repository at `path` whose branches are set to whole trees of files."""

    def __init__(self, path: Path, object_format: str = "sha1") -> None:
        self.path = path
        form = f"--object-format={object_format}"
        self.git("init", "-q", "--bare", "-b", "main", form, str(path), inside=False)
        self.git("config", "uploadpack.allowFilter", "true")

    @property
    def url(self) -> str:
        return f"file://{self.path}"

    def git(self, *arguments: str, stdin: bytes = b"", inside: bool = True) -> str:
        place = ["-C", str(self.path)] if inside else []
        done = subprocess.run(
            ["git", *place, *arguments],
            input=stdin,
            env={"PATH": os.environ["PATH"], **PEOPLE},
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    def blob(self, content: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", stdin=content)

    def blob_of(self, path: str, branch: str = "main") -> str:
        """The id of a file at the tip of a branch."""
        return self.git("rev-parse", f"{branch}:{path}")

    def tree(self, lines: Mapping[str, tuple[str, str]]) -> str:
        """A tree object of `{name: (mode, object id)}`."""
        kinds = {"040000": "tree", "160000": "commit"}
        text = "".join(
            f"{mode} {kinds.get(mode, 'blob')} {oid}\t{name}\0"
            for name, (mode, oid) in lines.items()
        )
        return self.git("mktree", "-z", "--missing", stdin=os.fsencode(text))

    def raw_tree(self, *items: tuple[str, bytes, str]) -> str:
        """A tree object of (mode, name, object id) as they come, however wrong."""
        content = b"".join(
            mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in items
        )
        return self.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=content)

    def files(self, files: Mapping[str, bytes]) -> str:
        """A tree object that holds `files`, by path."""
        lines: dict[str, tuple[str, str]] = {}
        folders: dict[str, dict[str, bytes]] = {}
        for path, content in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(name, {})[rest] = content
            else:
                lines[name] = ("100644", self.blob(content))
        lines |= {name: ("040000", self.files(inner)) for name, inner in folders.items()}
        return self.tree(lines)

    def commit(self, tree: str, branch: str = "main", *, message: str = "Change") -> str:
        """A commit without parents on `branch`, which moves there whatever it was."""
        oid = self.git("commit-tree", tree, stdin=message.encode())
        self.git("update-ref", f"refs/heads/{branch}", oid)
        return oid

    def push(
        self, files: Mapping[str, bytes], branch: str = "main", *, message: str = "Change"
    ) -> str:
        return self.commit(self.files(files), branch, message=message)
