"""A repository of one pack, in memory or of git, and what its files mean."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property
from pathlib import Path

from controller.pack.source import Look, Observed, Source
from controller.pack.spec import PackSpec
from controller.pack.tree import Commit, Entry, EntryKind, PackTree, Revision
from controller.reconcile import asked_source
from controller.source.mirrors import Mirrors
from hack.packrepo import PackRepo

_DETAILS = Commit("Ada", datetime(2026, 1, 2, tzinfo=UTC), "Change the pack")


class Health(Enum):
    """What is wrong with a file."""

    GOOD = "good"
    INVALID = "invalid"  # its ref can be read
    BROKEN = "broken"  # nothing of it can


@dataclass(frozen=True, slots=True)
class File:
    """A workflow's file: `stem` is its name without ending, `text` what the workflow says, and
    `comment` changes the file, but not the workflow."""

    stem: str
    ending: str = "yaml"
    text: int = 0
    comment: int = 0
    health: Health = Health.GOOD

    @property
    def path(self) -> str:
        return f"workflows/{self.stem}.{self.ending}"

    @property
    def entrypoint(self) -> str:
        return f"workflows/{self.stem}.workflow.yaml"

    def content(self, ref: str) -> str:
        calls = "" if self.health is Health.INVALID else ", action: core.echo"
        return (
            f"# {self.comment}\nref: {ref}\nlabel: {ref}\ndescription: text {self.text}\n"
            f'version: "1.0.0"\ntasks: [{{name: only{calls}, input: {{message: a}}}}]\n'
            + ("]" if self.health is Health.BROKEN else "")
        )


@dataclass(frozen=True)
class Snapshot:
    """A commit of the pack `ref`: its files by the workflow's name."""

    ref: str
    commit: str
    version: int
    files: Mapping[str, File] = field(default_factory=dict)
    tree_oid: str = ""

    @cached_property
    def contents(self) -> dict[str, bytes]:
        """All files, by path."""
        manifest = f'ref: {self.ref}\nlabel: {self.ref}\nversion: "1.0.{self.version}"\n'
        workflows = {
            file.path: file.content(f"{self.ref}.{name}") for name, file in self.files.items()
        }
        texts = {"pack.yaml": manifest, **workflows}
        return {path: text.encode() for path, text in sorted(texts.items())}

    @cached_property
    def tree(self) -> PackTree:
        entries = tuple(
            Entry(path, EntryKind.FILE, _oid(data), len(data))
            for path, data in self.contents.items()
        )
        digest = _oid(repr(entries).encode())
        return PackTree(Revision("main", self.commit), _DETAILS, digest, entries)


class Repository:
    """Commits one after the other, and where the branch is."""

    def __init__(self, ref: str) -> None:
        self.ref = ref
        self.url = f"https://git.example.com/{ref}.git"
        self._commits: list[Snapshot] = []
        self.push(Snapshot(ref, "", 0))

    @property
    def head(self) -> Snapshot:
        return self._commits[self._at]

    def push(self, snapshot: Snapshot) -> None:
        """Make it the head, as a new commit."""
        self._commits.append(replace(snapshot, commit=self._commit(snapshot)))
        self._at = len(self._commits) - 1

    def force(self, back: int) -> None:
        """Point the branch at an older commit."""
        self._at = max(0, self._at - back)

    def at(self, commit: str) -> Snapshot:
        """What a commit holds."""
        return next(one for one in self._commits if one.commit == commit)

    def source(self, _which: int) -> Source:
        """For one look of the controller of that number."""
        return _MemorySource(self)

    def _commit(self, _snapshot: Snapshot) -> str:
        return _oid(f"{self.ref} {len(self._commits)}".encode())


class GitRepository(Repository):
    """The same in a repository of git, with a mirror for each controller."""

    def __init__(self, ref: str, folder: Path, mirrors: Sequence[Mirrors]) -> None:
        self._repo = PackRepo(folder / ref)
        self._mirrors = mirrors
        super().__init__(ref)
        self.url = self._repo.path.as_uri()

    def force(self, back: int) -> None:
        super().force(back)
        self._repo.force("main", self.head.commit)

    def source(self, which: int) -> Source:
        spec = PackSpec.model_validate({"git": {"url": self.url}})
        return asked_source(spec, self._mirrors[which])

    def _commit(self, snapshot: Snapshot) -> str:
        former = dict.fromkeys(self.head.contents) if self._commits else {}
        return self._repo.commit({**former, **snapshot.contents})


class Watched:
    """A source for one look that notes what it saw. `number` is called when the look gets its own,
    and `between` when it has seen what it sees."""

    def __init__(
        self,
        repository: Repository,
        which: int,
        number: Callable[[], int],
        between: Callable[[], None],
    ) -> None:
        self._repository = repository
        self._source = repository.source(which)
        self._number = number
        self._between = between
        self.seen = repository.head
        self.number = 0

    def observe(self, look: Look) -> Observed:
        def numbered() -> int:
            self.number = self._number()
            return look.number()

        found = self._source.observe(replace(look, number=numbered))
        commit = self._repository.at(found.tree.revision.commit)
        self.seen = replace(commit, tree_oid=found.tree.tree_oid)
        self._between()
        return found

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        return self._source.read(oids)


class _MemorySource:
    """A `Source` on a repository that is no more than values."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._seen = repository.head

    def observe(self, look: Look) -> Observed:
        number, begun = look.number(), time.monotonic()
        self._seen = self._repository.head
        return Observed(self._seen.tree, number, begun)

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        wanted = frozenset(oids)
        found = {_oid(data): data for data in self._seen.contents.values()}
        return {oid: data for oid, data in found.items() if oid in wanted}


def _oid(data: bytes) -> str:
    """As git names a blob."""
    return hashlib.sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()
