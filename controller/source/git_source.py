"""A pack in a Git repository, as a `Source`: look, fetch what is new, list, read.

Imports the other modules of this room; this is the one that puts them together.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from controller.errors import Reason, Stalled, Transient
from controller.pack.tree import PackTree, Revision
from controller.source import faults
from controller.source.at_hand import AtHand, moved
from controller.source.catfile import (
    DamagedError,
    MissingError,
    ObjectReader,
    TooMuchToReadError,
    blobs,
)
from controller.source.commands import OverdueError, TooMuchOutputError
from controller.source.listing import Listing, list_pack
from controller.source.look import Sighting, look
from controller.source.mirror import HeldMirror
from controller.source.mirrors import Mirrors
from controller.source.remote import Remote
from controller.source.signatures.verify import verify
from controller.source.target import GitTarget, ReferenceKind
from controller.source.urls import parse_url

MAX_READ = 128 * 1024 * 1024
"""Bytes that one `read` gives at most."""

_ALL = ("+refs/heads/*:refs/pack/heads/*", "+refs/tags/*:refs/pack/tags/*")
_WHOLE_HISTORY = 2**31 - 1  # what `git fetch --unshallow` stands for, without its complaint

T = TypeVar("T")


class GitSource:
    """The pack at `target`, read through a mirror that its access opens, on behalf of `tenant`.

    Raises `InvalidSpec` for a URL that is not allowed. Made once for a target and kept, it answers
    faster: it remembers its last listing and a few small files. For one thread at a time; many
    sources share a mirror.
    """

    def __init__(self, mirrors: Mirrors, target: GitTarget, tenant: str = "") -> None:
        url = parse_url(target.url, mirrors.allowed)
        self._target = target
        self._remote = Remote(url, target.access, mirrors.max_file_size, mirrors.network)
        self._mirror = mirrors.of(url, target.access, tenant)
        self._tree: PackTree | None = None
        self._sighting: Sighting | None = None
        self._at_hand = AtHand()

    def fetch(self) -> PackTree:
        """Look at the remote once, fetch when its commit is new here, and list the folder.

        While nothing moves, the look is all: the mirror is not even opened.
        """
        deadline = self._deadline()
        with self._explained():
            sighting = look(self._remote, self._target.reference, deadline)
            if self._tree is None or self._sighting != sighting:
                self._tree = self._use(sighting, self._lister(sighting), deadline)
                self._sighting = sighting
            return self._tree

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        """The contents of the blobs `oids` of the tree fetched last (fetched now, if none was)."""
        wanted = tuple(dict.fromkeys(oids))
        if not wanted:
            return {}
        if self._tree is None or self._sighting is None:
            self.fetch()
        assert self._tree and self._sighting  # noqa: S101, PT018  # fetch sets both or raises
        self._refuse_left_out(self._tree, wanted)
        found = self._at_hand.of(wanted)
        rest = [oid for oid in wanted if oid not in found]
        if not rest:
            return found
        with self._explained():
            read = self._use(
                self._sighting,
                lambda reader: blobs(reader, rest, limit=MAX_READ),
                self._deadline(),
            )
        self._at_hand.keep(read)
        return {**found, **read}

    def _deadline(self) -> float:
        return time.monotonic() + self._target.timeout

    def _lister(self, sighting: Sighting) -> Callable[[ObjectReader], PackTree]:
        place = f"{self._remote.url} at {Revision(sighting.name, sighting.commit)}"

        def list_it(reader: ObjectReader) -> PackTree:
            policy = self._target.policy
            verdict = verify(reader, sighting, policy) if policy else None
            listing = list_pack(
                reader,
                sighting.commit,
                self._target.path,
                place=place,
                max_file_size=self._remote.max_file_size,
                before=self._tree.entries if self._tree else (),
            )
            self._read_ahead(reader, listing)
            revision = Revision(sighting.name, sighting.commit)
            return PackTree(revision, listing.commit, listing.tree_oid, listing.entries, verdict)

        return list_it

    def _read_ahead(self, reader: ObjectReader, listing: Listing) -> None:
        """While a process reads anyhow: the files that a push changed, when they are few."""
        self._at_hand.forget_all_but(listing.entries)
        if self._tree is not None:
            new = moved(self._tree.entries, listing.entries)
            self._at_hand.keep(blobs(reader, new, limit=MAX_READ))

    def _use(self, sighting: Sighting, work: Callable[[ObjectReader], T], deadline: float) -> T:
        """Do `work` on the mirror as it is; else after a fetch; else on a new mirror."""
        with self._mirror.held(deadline) as held:
            for prepare in (self._as_it_is, self._bring, self._bring_afresh):
                prepare(held, sighting, deadline)
                try:
                    with held.reading(deadline) as reader:
                        return work(reader)
                except (MissingError, DamagedError):
                    continue
        raise Transient(
            Reason.CACHE_UNAVAILABLE,
            f"The mirror of {self._remote.url} stays unreadable after it was made anew.",
            hint="Check the cache volume; it is tried again.",
        )

    def _as_it_is(self, held: HeldMirror, sighting: Sighting, deadline: float) -> None:
        pass

    def _bring_afresh(self, held: HeldMirror, sighting: Sighting, deadline: float) -> None:
        held.drop()
        self._bring(held, sighting, deadline)

    def _bring(self, held: HeldMirror, sighting: Sighting, deadline: float) -> None:
        """Fetch the commit; words of git that nobody knows may come from a damaged mirror."""
        errors = self._try(held, sighting, deadline)
        if errors is not None:
            held.drop()
            errors = self._try(held, sighting, deadline)
        if errors is not None:
            raise self._remote.unknown(errors)

    def _try(self, held: HeldMirror, sighting: Sighting, deadline: float) -> str | None:
        """Fetch the commit alone; gives git's words when they are not known."""
        name = self._target.reference.full_name or sighting.oid
        keep = hashlib.sha256(name.encode()).hexdigest()[:16]
        finished = held.fetch(
            self._remote,
            [f"+{sighting.oid}:refs/pack/{keep}"],
            digits=len(sighting.oid),
            depth=1,
            deadline=deadline,
        )
        if not finished.code:
            return None
        if faults.is_refusal(finished.errors):
            return self._search(held, sighting, deadline)
        known = self._remote.explain(finished.errors)
        if known is not None:
            raise known
        return finished.errors

    def _search(self, held: HeldMirror, sighting: Sighting, deadline: float) -> str | None:
        """Fetch all branches and tags to find a commit that the server does not give by its id."""
        if self._target.reference.kind is not ReferenceKind.COMMIT:
            raise Transient(
                Reason.GIT_UNREACHABLE,
                f"{self._target.reference} of {self._remote.url} moved while it was fetched.",
                hint="It is tried again.",
            )
        finished = held.fetch(
            self._remote, _ALL, digits=len(sighting.oid), depth=_WHOLE_HISTORY, deadline=deadline
        )
        if finished.code:
            raise self._remote.explain(finished.errors) or self._remote.unknown(finished.errors)
        with held.reading(deadline) as reader:
            if reader.heads([sighting.commit]) != [None]:
                return None
        raise Stalled(
            Reason.REF_NOT_FOUND,
            f"There is no commit {sighting.commit} in {self._remote.url}.",
            hint="Push the commit to a branch, or correct spec.git.ref.commit.",
        )

    def _refuse_left_out(self, tree: PackTree, wanted: tuple[str, ...]) -> None:
        limit = self._remote.max_file_size
        large = {entry.oid: entry.path for entry in tree.entries if entry.size > limit}
        for oid in wanted:
            if oid in large:
                raise Stalled(
                    Reason.LIMIT_EXCEEDED,
                    f"The file '{large[oid]}' is larger than {limit:,} bytes.",
                    hint="Make it smaller, or ask the operator to raise the limit.",
                )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        url = self._remote.url
        try:
            yield
        except OverdueError:
            raise Transient(
                Reason.GIT_TIMEOUT,
                f"{url} was not done within {self._target.timeout:g} s.",
                hint="Check the server, or raise spec.timeout.",
            ) from None
        except TooMuchOutputError:
            raise Stalled(
                Reason.LIMIT_EXCEEDED,
                f"{url} has too many branches and tags to list.",
                hint="Delete those that are not needed.",
            ) from None
        except TooMuchToReadError:
            raise Stalled(
                Reason.LIMIT_EXCEEDED,
                f"The files of the pack in {url} are more than {MAX_READ // 2**20} MiB together.",
                hint="Split the pack.",
            ) from None
