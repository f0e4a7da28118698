"""How a commit comes into a mirror, together with what else has moved in its repository.

Imports this room.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from controller.errors import PackError, Reason, Stalled, Transient
from controller.source import faults
from controller.source.advertised import advertised
from controller.source.commands import Finished, OverdueError
from controller.source.login import logged_in
from controller.source.mirror import HeldMirror
from controller.source.remote import Remote
from controller.source.repository import Repository
from controller.source.sighting import Sighting
from controller.source.target import GitReference, ReferenceKind
from controller.source.traffic import Kind, told

_ALL = ("+refs/heads/*:refs/pack/heads/*", "+refs/tags/*:refs/pack/tags/*")
_WHOLE_HISTORY = 2**31 - 1  # what `git fetch --unshallow` stands for, without its complaint


def bring(
    held: HeldMirror,
    repository: Repository,
    reference: GitReference,
    sighting: Sighting,
    deadline: float,
) -> None:
    """Fetch what `reference` was seen at; words of git that nobody knows may come from a damaged
    mirror. Raises `PackError`, and `OverdueError` after `deadline`."""

    def go(remote: Remote) -> None:
        attempt = _Attempt(held, repository, remote, reference, sighting, deadline)
        errors = attempt.go()
        if errors is not None:
            held.drop()
            errors = attempt.go()
        if errors is not None:
            raise remote.unknown(errors)

    with told(repository.audience, repository.remote.url, Kind.FETCH):
        logged_in(repository.remote, deadline, go)


@dataclass(frozen=True, slots=True)
class _Attempt:
    held: HeldMirror
    repository: Repository
    remote: Remote
    reference: GitReference
    sighting: Sighting
    deadline: float

    def go(self) -> str | None:
        """Fetch the commit, with what else has moved; gives git's words when they are not known."""
        own = _refspec(self.reference, self.sighting)
        others = self.repository.sightings().items()
        specs = (_refspec(reference, other) for reference, other in others)
        wanted = {own, *(spec for spec in specs if not self.held.refuses([spec]))}
        finished = None
        if len(wanted) > 1 and not self.held.refuses([own]):
            # One of the others may be too large, or have moved on: then nobody gets anything.
            with suppress(Stalled):
                finished = self._fetch(sorted(wanted))
        if finished is None or finished.code:
            finished = self._fetch([own])
        if not finished.code:
            return None
        if faults.is_refusal(finished.errors):
            return self._search()
        known = self.remote.explain(finished.errors)
        if known is not None:
            raise known
        return finished.errors

    def _fetch(self, refspecs: Sequence[str], depth: int = 1) -> Finished:
        digits = len(self.sighting.oid)
        with self.repository.host_turn(self.deadline):
            finished = self.held.fetch(
                self.remote, refspecs, digits=digits, depth=depth, deadline=self.deadline
            )
            if finished.code:
                self._heed(finished.errors)
            return finished

    def _heed(self, errors: str) -> None:
        """Raise what a server says that wants to be left alone: within the host's turn, so that
        all who ask that host hear it. Until when is in a header, which git does not show and a
        look does."""
        if not faults.is_turned_away(errors, self.remote.url):
            return
        try:
            advertised(self.remote, ("HEAD",), self.deadline)
        except Transient as told:
            if told.retry_after is not None:
                raise
        except (PackError, OverdueError):
            pass
        known = self.remote.explain(errors)
        if isinstance(known, Transient) and known.retry_after is not None:
            raise known

    def _search(self) -> str | None:
        """Fetch all branches and tags to find a commit that the server does not give by its id."""
        remote = self.remote
        if self.reference.kind is not ReferenceKind.COMMIT:
            raise Transient(
                Reason.GIT_UNREACHABLE,
                f"{self.reference} of {remote.url} moved while it was fetched.",
                hint="It is tried again.",
            )
        finished = self._fetch(_ALL, _WHOLE_HISTORY)
        if finished.code:
            raise remote.explain(finished.errors) or remote.unknown(finished.errors)
        self.held.pack_references(self.deadline)
        with self.held.reading(self.deadline) as reader:
            if reader.heads([self.sighting.commit]) != [None]:
                return None
        raise Stalled(
            Reason.REF_NOT_FOUND,
            f"There is no commit {self.sighting.commit} in {remote.url}.",
            hint="Push the commit to a branch, or correct spec.git.ref.commit.",
        )


def _refspec(reference: GitReference, sighting: Sighting) -> str:
    """What to fetch, and the name that a mirror keeps it by, whatever the reference is called."""
    name = reference.full_name or f"{reference.kind.value} {reference.name or sighting.oid}"
    return f"+{sighting.oid}:refs/pack/{hashlib.sha256(name.encode()).hexdigest()[:16]}"
