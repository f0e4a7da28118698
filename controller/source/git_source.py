"""A pack in a Git repository, as a `Source`: look, fetch what is new, list, read.

Imports the other modules of this room; this is the one that puts them together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from controller.errors import Reason, Stalled, Transient
from controller.pack.source import Look, Observed
from controller.pack.tree import PackTree, Revision
from controller.source.at_hand import AtHand, moved
from controller.source.bring import bring
from controller.source.catfile import (
    DamagedError,
    MissingError,
    ObjectReader,
    TooMuchToReadError,
    blobs,
)
from controller.source.commands import OverdueError, TooMuchOutputError
from controller.source.failures import FailedError, Failure
from controller.source.listing import Listing, folders, list_pack
from controller.source.mirror import HeldMirror
from controller.source.mirrors import Mirrors
from controller.source.repository import Follower
from controller.source.sighting import Sighting
from controller.source.signatures.verify import verify
from controller.source.summaries import Summary
from controller.source.target import GitTarget
from controller.source.urls import parse_url

MAX_READ = 128 * 1024 * 1024
"""Bytes that one `read` gives at most."""

T = TypeVar("T")


class GitSource:
    """The pack at `target`, read through a mirror that its access opens, on behalf of `tenant`.

    Raises `InvalidSpec` for a URL that is not allowed. Made once for a target and kept, it answers
    faster: it remembers its last listing and a few small files. For one thread at a time; all
    sources of one repository share its looks, its mirror and its fetches. `moved` is called, from
    any thread, when the look of another one found the reference moved.
    """

    def __init__(
        self,
        mirrors: Mirrors,
        target: GitTarget,
        tenant: str = "",
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        url = parse_url(target.url, mirrors.allowed)
        self._target = target
        self._repository = mirrors.repository(url, target.access, tenant)
        self._remote = self._repository.remote
        self._follower = Follower(target.reference, target.path, moved)
        self._repository.follow(self._follower)
        self._tree: PackTree | None = None
        self._sighting: Sighting | None = None
        self._at_hand = AtHand()

    def observe(self, look: Look) -> Observed:
        """Ask the remote or take another's look, fetch what is new here, and list the folder.

        While nothing moves, the look is all: the mirror is not even opened.
        """
        deadline = self._deadline()
        with self._explained():
            seen = self._repository.sight(self._follower, look, deadline)
            if self._tree is None or self._sighting != seen.sighting:
                self._tree = self._retold(seen.sighting) or self._listed(seen.sighting, deadline)
                self._sighting = seen.sighting
            return Observed(self._tree, seen.number, seen.begun)

    def fetch(self) -> PackTree:
        """`observe`, with a look of its own."""
        return self.observe(Look()).tree

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

    def _retold(self, sighting: Sighting) -> PackTree | None:
        """The tree as it was, where a new commit left the folder alone and somebody read that; a
        commit that must be signed is always read."""
        summary = self._repository.summaries.of(sighting.commit)
        if self._tree is None or summary is None or self._target.policy is not None:
            return None
        if summary.trees.get(self._target.path) != self._tree.tree_oid:
            return None
        revision = Revision(sighting.name, sighting.commit)
        return replace(self._tree, revision=revision, commit=summary.commit)

    def _listed(self, sighting: Sighting, deadline: float) -> PackTree:
        revision = Revision(sighting.name, sighting.commit)
        place = f"{self._remote.url} at {revision}"

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
            self._sum_up(reader, sighting.commit, listing, place)
            self._read_ahead(reader, listing)
            return PackTree(revision, listing.commit, listing.tree_oid, listing.entries, verdict)

        return self._use(sighting, list_it, deadline)

    def _sum_up(self, reader: ObjectReader, commit: str, listing: Listing, place: str) -> None:
        """While a process reads anyhow: what the other followers of the repository ask next."""
        others = [path for path in self._repository.paths() if path != self._target.path]
        if not others or self._repository.summaries.of(commit):
            return
        trees = folders(reader, commit, others, place)
        summary = Summary(listing.commit, {**trees, self._target.path: listing.tree_oid})
        self._repository.summaries.keep(commit, summary)

    def _read_ahead(self, reader: ObjectReader, listing: Listing) -> None:
        """While a process reads anyhow: the files that a push changed, when they are few."""
        self._at_hand.forget_all_but(listing.entries)
        if self._tree is not None:
            new = moved(self._tree.entries, listing.entries)
            self._at_hand.keep(blobs(reader, new, limit=MAX_READ))

    def _use(self, sighting: Sighting, work: Callable[[ObjectReader], T], deadline: float) -> T:
        """Do `work` on the mirror as it is; else after a fetch; else on a new mirror."""
        is_missing = False
        with self._repository.mirror.held(deadline) as held:
            for prepare in (self._as_it_is, self._bring, self._bring_afresh):
                prepare(held, sighting, deadline)
                try:
                    with held.reading(deadline) as reader:
                        return work(reader)
                except (MissingError, DamagedError) as failure:
                    is_missing = isinstance(failure, MissingError)
        if is_missing:
            raise self._remote.told(FailedError(Failure.INCOMPLETE))
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
        bring(held, self._repository, self._target.reference, sighting, deadline)

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
