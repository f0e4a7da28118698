"""One fetch into a mirror, within the limits of the disk. Runs git; knows no retries.

May import `place`, `shelf`, `traffic` and the modules that start git.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path

from controller.source import place
from controller.source.commands import Finished, Limits, run_git
from controller.source.environment import local_environment
from controller.source.opening import opened
from controller.source.remote import Remote
from controller.source.shelf import Shelf
from controller.source.traffic import received
from controller.source.urls import Scheme

_WORDS_FOR_NO_ROOM = re.compile(r"No space left on device|Disk quota exceeded")
_WORDS_FOR_TOO_LARGE = re.compile(r"File too large|Out of memory")
_WORDS_FOR_NOT_SHALLOW = re.compile(r"Server does not support shallow")


class TooLargeError(Exception):
    """The mirror, or what git needs to make it, outgrew what one may take."""


class NotShallowError(Exception):
    """The server gives the whole history or nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a fetch is to bring: `refspecs` of `remote`, whose object ids have `digits` digits.

    `depth` commits of each; `deadline` is in `time.monotonic` seconds.
    """

    remote: Remote
    refspecs: tuple[str, ...]
    digits: int
    depth: int
    deadline: float


def fetch(path: Path, wanted: Wanted, shelf: Shelf, *, lock: int, shallow: bool) -> Finished:
    """Fetch once into the mirror `path`, which is made if need be; git inherits `lock`.

    The result tells whether git succeeded. Raises `TooLargeError`, `NotShallowError`,
    `OverdueError`, an `OSError` when the disk fails, and `Transient` when others need the room.
    """
    before = place.survey(path).size
    rest = before - place.size_of_packs(path)

    def watch() -> None:
        shelf.growing(path, rest + place.size_of_packs(path))

    watch()
    _make(path, wanted)
    depth = (f"--depth={wanted.depth}",) if shallow else ()
    arguments = (
        *(f"--git-dir={path}", "fetch", "--quiet", "--no-tags", "--no-auto-maintenance"),
        *("--no-write-fetch-head", "--no-recurse-submodules", *depth),
        *("--end-of-options", "origin", *wanted.refspecs),
    )
    with opened(wanted.remote, wanted.deadline) as environment:
        finished = run_git(
            arguments,
            environment,
            deadline=wanted.deadline,
            keep_open=lock,
            limits=_limits(wanted.remote, shelf.budget.each - before),
            meanwhile=watch,
        )
    if finished.code:
        _raise_what_we_mend(finished.errors)
    after = place.survey(path).size
    received(after - before)
    if after > shelf.budget.each:
        raise TooLargeError
    return finished


def _limits(remote: Remote, room: int) -> Limits:
    # A repository on this machine is packed by a helper of the same process: only the operator can
    # allow that, and it needs more.
    return Limits(file=room) if remote.url.scheme is not Scheme.FILE else Limits(room, 2**40)


def _raise_what_we_mend(errors: str) -> None:
    own = "\n".join(line for line in errors.splitlines() if not line.startswith("remote:"))
    if _WORDS_FOR_NO_ROOM.search(own):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if _WORDS_FOR_TOO_LARGE.search(own):
        raise TooLargeError
    if _WORDS_FOR_NOT_SHALLOW.search(own):
        raise NotShallowError


def _make(path: Path, wanted: Wanted) -> None:
    """Make an empty mirror, in one step as others see it."""
    if path.exists():
        return
    place.remove(path)
    new = place.unfinished(path)
    object_format = "sha256" if wanted.digits == 64 else "sha1"
    made = run_git(
        (
            *("init", "--quiet", "--bare", "--template=", f"--object-format={object_format}"),
            *("--initial-branch=none", "--end-of-options", str(new)),
        ),
        local_environment(),
        deadline=wanted.deadline,
    )
    if made.code:
        _raise_what_we_mend(made.errors)
        raise OSError(0, made.errors.strip() or "git init failed")
    (new / "config").write_text(place.CONFIGS[wanted.digits])
    new.rename(path)
