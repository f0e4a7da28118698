"""Objects of a mirror, read in batches by one `git cat-file --batch-command` (git 2.36).

Requests of a batch are queued by git until `flush`, so writing them all before reading any answer
cannot block. It is never asked for a blob that git would stream, because git then promises a size
and waits for ever when there is less. Everything that is read is hashed again: git notices a
damaged pack only at times.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from controller.source.commands import OverdueError, end_git, kill_group, start_git
from controller.source.environment import STREAMED, local_environment
from controller.source.objects import is_object

_CHUNK = 1024 * 1024
_ABSENT = (b"missing", b"ambiguous", b"submodule")


class DamagedError(Exception):
    """The mirror holds an object that cannot be read or is not what its id says."""


class MissingError(Exception):
    """The mirror does not hold an object that was asked for."""


class TooMuchToReadError(Exception):
    """The objects of one batch are larger in all than the caller would take."""


class Head(NamedTuple):
    """An object's id, type (`commit`, `tree`, `blob`, `tag`) and size in bytes."""

    oid: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class GitObject:
    """An object with its content."""

    oid: str
    kind: str
    content: bytes


class ObjectReader:
    """A running `git cat-file`; made by `reading`, and used by one thread."""

    def __init__(
        self, mirror: Path, deadline: float, requests: IO[bytes], answers: IO[bytes]
    ) -> None:
        self._mirror = mirror
        self._deadline = deadline
        self._requests = requests
        self._answers = answers

    def heads(self, oids: Sequence[str]) -> list[Head | None]:
        """Type and size of each of `oids`, None where there is no such object here.

        They are what the pack says and are not hashed.
        """
        self._ask("info", oids)
        return [self._head(oid) for oid in oids]

    def contents(self, oids: Sequence[str], *, limit: int) -> list[GitObject | None]:
        """Each of `oids` with its content, None where there is no such object here.

        Raises `TooMuchToReadError` when they are more than `limit` bytes together.
        """
        self._ask("contents", oids)
        found = []
        for oid in oids:
            head = self._head(oid)
            if head and head.kind == "blob" and head.size > STREAMED:
                raise DamagedError  # nobody asks for one: see `confirm`
            limit -= head.size if head else 0
            if limit < 0:
                raise TooMuchToReadError
            found.append(self._content(head) if head else None)
        return found

    def confirm(self, heads: Iterable[Head]) -> None:
        """Hash these objects, however large, keeping nothing; raises `DamagedError`.

        Each by a process of its own: where a size lies, only its end tells that there is no more.
        """
        for head in heads:
            arguments = ("cat-file", head.kind, head.oid)
            with _answering(self._mirror, arguments, self._deadline) as (_, answers):
                chunks = iter(partial(answers.read, _CHUNK), b"")
                if not is_object(head.kind, head.size, head.oid, chunks):
                    raise DamagedError

    def _ask(self, command: str, oids: Sequence[str]) -> None:
        lines = "".join(f"{command} {oid}\n" for oid in oids)
        try:
            self._requests.write(f"{lines}flush\n".encode())
            self._requests.flush()
        except BrokenPipeError:
            raise DamagedError from None

    def _head(self, oid: str) -> Head | None:
        words = self._answers.readline().split()
        if len(words) == 3 and words[2].isdigit() and words[0] == oid.encode():
            return Head(words[0].decode(), words[1].decode(), int(words[2]))
        if words and words[-1] in _ABSENT:
            return None
        raise DamagedError

    def _content(self, head: Head) -> GitObject:
        content = b"".join(self._chunks(head.size))
        if not is_object(head.kind, head.size, head.oid, (content,)):
            raise DamagedError
        return GitObject(head.oid, head.kind, content)

    def _chunks(self, size: int) -> Iterator[bytes]:
        while size:
            chunk = self._answers.read(min(size, _CHUNK))
            if not chunk:
                raise DamagedError
            size -= len(chunk)
            yield chunk
        if self._answers.read(1) != b"\n":
            raise DamagedError


def blobs(reader: ObjectReader, oids: Sequence[str], *, limit: int) -> Mapping[str, bytes]:
    """The contents of the blobs `oids`; raises `MissingError` when one is not here."""
    found = reader.contents(oids, limit=limit)
    if None in found:
        raise MissingError
    return {blob.oid: blob.content for blob in found if blob is not None}


@contextmanager
def reading(mirror: Path, deadline: float) -> Iterator[ObjectReader]:
    """A reader of `mirror` until `deadline`; raises `OverdueError` when that passes.

    Whatever breaks inside for want of a process is reported as that, too.
    """
    batch = ("cat-file", "--batch-command", "--buffer")
    with _answering(mirror, batch, deadline) as (requests, answers):
        yield ObjectReader(mirror, deadline, requests, answers)


@contextmanager
def _answering(
    mirror: Path, arguments: Sequence[str], deadline: float
) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Both ends of a git process on `mirror`, which is killed at `deadline`."""
    process = start_git([f"--git-dir={mirror}", *arguments], local_environment())
    assert process.stdin and process.stdout  # noqa: S101, PT018
    overdue = threading.Timer(max(0.0, deadline - time.monotonic()), kill_group, [process])
    overdue.start()
    try:
        yield process.stdin, process.stdout
    except DamagedError:
        if time.monotonic() >= deadline:
            raise OverdueError from None
        raise
    finally:
        overdue.cancel()
        end_git(process)
