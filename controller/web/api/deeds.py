"""What can be done to packs: sync, validate, suspend, roll back. Imports `reconcile` and the room.

A Pack resource is changed as `kubectl` would change it, and its controller does the work; a pack
without one is worked on here, in its folder.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from fastapi import HTTPException

from controller.errors import PackError, Reason, Stalled
from controller.formats.plans import PlanReport
from controller.pack.identity import COMMAND_LINE, PackKey
from controller.pack.naming import NoSuchRevision, read_name
from controller.pack.spec import GitSpec, OnInvalid, PackSpec, RollbackSpec, Until
from controller.reconcile import Asked, Inspected, Reconciler, Unopened, check, difference
from controller.store import RevisionEntry, Store
from controller.validate import Memo
from controller.web.api.beside import placed, texts
from controller.web.api.desk import Desk, Wanted
from controller.web.api.folders import Folders
from controller.web.api.followed import Orders
from controller.web.api.past_shapes import Diagnostics
from controller.web.api.results import SyncResult, of_inspected, of_status
from controller.web.api.seen import Seen
from controller.web.auth import Caller, Target, Verb

Done = TypeVar("Done")

_AT_ONCE = 4
_WAITING = 16


class Busy:
    """So many at once, and no more: the others are told to come again."""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)

    @contextmanager
    def one(self) -> Iterator[None]:
        """One of them; raises `HTTPException` (503)."""
        if not self._free.acquire(blocking=False):
            raise HTTPException(
                503, "Too much is being done at once: ask again.", headers={"Retry-After": "5"}
            )
        try:
            yield
        finally:
            self._free.release()


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of a sync; not `ended`: the controller is still at it."""

    result: SyncResult
    ended: bool = True


@dataclass(frozen=True, slots=True)
class _Begun:
    """A reconcile that was asked for; `before` are the ids of the workflows that were there."""

    key: PackKey
    ref: str
    asked: str
    before: frozenset[int]


class Deeds:
    """Does what callers ask for. Every method raises `HTTPException` and `PackError`."""

    def __init__(self, desk: Desk, folders: Folders, memo: Memo, orders: Orders | None) -> None:
        """Without a cluster there are no `orders`."""
        self.desk = desk
        self.folders = folders
        self._orders = orders
        self._memo = memo
        self._working = Busy(_AT_ONCE)
        self._reading = Busy(_AT_ONCE)
        self._waiting = Busy(_WAITING)

    @property
    def _store(self) -> Store:
        return self.desk.store

    def find(self, caller: Caller, wanted: Wanted, verb: Verb) -> Seen | None:
        """The pack that is meant; None for one that has nothing but a folder yet."""
        try:
            return self.desk.find(caller, wanted, verb)
        except HTTPException as error:
            is_new = error.status_code == 404 and self.folders.has(wanted.ref)
            if not (is_new and caller.may(verb, Target(wanted.ref))):
                raise
        if self._store.catalogue([wanted.ref]):
            # It is another's, whom the caller must not see.
            raise HTTPException(404, f"There is no pack {wanted.ref!r}, or you may not see it.")
        return None

    def sync(self, caller: Caller, wanted: Wanted, seconds: float) -> Synced:
        """Reconcile the pack, and wait for it."""
        one = self.find(caller, wanted, Verb.UPDATE)
        if one is None or one.resource is None:
            return Synced(self.sync_folder(wanted.ref))
        return self._end(self._begin(one), seconds)

    def sync_folder(self, ref: str, on_invalid: OnInvalid = OnInvalid.BLOCK) -> SyncResult:
        """Sync the folder of a pack that no resource follows."""
        self._need_folder(ref)
        before = self._ids(ref)
        with self._working.one():
            found = self.folders.sync(ref, on_invalid)
        return of_inspected(ref, found, before, self._store.workflows(ref))

    def validate(self, caller: Caller, wanted: Wanted) -> Inspected:
        """Look at the pack's files as they are now, and write nothing."""
        one = self.find(caller, wanted, Verb.GET)
        with self._working.one():
            if one and one.resource:
                return check(self._ordering.asked(one.resource.key), self._memo, self._store)
            self._need_folder(wanted.ref)
            return self.folders.check(wanted.ref)

    def beside(self, one: Seen, found: Diagnostics, around: int) -> Diagnostics:
        """`found`, with the lines of the files that it speaks of where they can be had."""
        if one.resource is None or not found.diagnostics:
            return found
        attempted = one.resource.status().last_attempted_revision or ""
        files = {each.file for each in found.diagnostics}
        try:
            with self._reading.one():
                source = self._ordering.asked(one.resource.key).source
                return placed(found, texts(source, attempted, files), around)
        except (HTTPException, PackError):
            return found  # what is wrong is known without them

    def plan(self, caller: Caller, wanted: Wanted) -> PlanReport:
        """What a sync of the pack would do now; nothing is written."""
        one = self.find(caller, wanted, Verb.GET)
        with self._working.one():
            if one and one.resource:
                asked = self._ordering.asked(one.resource.key)
            else:
                self._need_folder(wanted.ref)
                asked = self.folders.asked(wanted.ref)
            found = difference(asked, self._memo, self._store)
        comparison, failure = found.comparison, found.outcome.failure
        return PlanReport(
            wanted.ref,
            comparison.fields if comparison else None,
            owner=comparison.owner if comparison else "",
            failure=failure.error if failure else None,
        )

    def suspend(self, caller: Caller, wanted: Wanted, *, suspend: bool) -> Seen:
        """Have the controller leave the pack alone, or no longer."""
        one = self.desk.find(caller, wanted, Verb.UPDATE)
        if one.resource is None:
            raise HTTPException(409, "No Pack resource follows this pack: nothing to suspend.")
        self._ordering.suspend(one.resource.key, suspend=suspend)
        return one

    def roll_back(
        self, caller: Caller, wanted: Wanted, revision: str | None, until: Until
    ) -> RevisionEntry | None:
        """Apply a recorded revision in place of the newest; None: the newest again. The revision
        that was meant."""
        one = self.desk.find(caller, wanted, Verb.UPDATE)
        entry = None if revision is None else named(self._store, wanted.ref, one, revision)
        goal = RollbackSpec(revision=entry.number, until=until) if entry else None
        if one.resource:
            self._ordering.roll_back(one.resource.key, goal)
        elif goal is None or entry is None:
            raise HTTPException(409, "Sync the pack to go forward again.")
        else:
            with self._working.one():
                self._return(wanted.ref, entry, goal)
        return entry

    def sync_all(self, caller: Caller, seconds: float) -> list[SyncResult]:
        """Sync all that `caller` may update: everything is asked for first, and waited for then.
        What goes wrong with one is its own result."""
        until = time.monotonic() + seconds
        meant = [one for one in self.desk.every(caller) if caller.may(Verb.UPDATE, one.target)]
        begun = [(one, self._attempted(one.told.ref, partial(self._begin, one)))
                 for one in meant if one.resource]  # fmt: skip
        done = [self.sync_quietly(ref) for ref in self._folders(caller, meant)]
        for one, way in begun:
            if isinstance(way, SyncResult):
                done.append(way)
                continue
            left = max(0.0, until - time.monotonic())
            end = self._attempted(one.told.ref, partial(self._end, way, left))
            done.append(end if isinstance(end, SyncResult) else _late(end))
        return sorted(done, key=lambda one: one.pack_ref)

    def sync_quietly(self, ref: str, on_invalid: OnInvalid = OnInvalid.BLOCK) -> SyncResult:
        """`sync_folder`, which never raises."""
        return self._attempted(ref, partial(self.sync_folder, ref, on_invalid))

    def _folders(self, caller: Caller, meant: list[Seen]) -> Iterator[str]:
        """The packs of folders: those that are `meant`, and new ones."""
        known = {one.told.ref: one for one in meant}
        for ref in self.folders.refs():
            if ref in known:
                is_ours = known[ref].resource is None
            else:
                is_ours = caller.may(Verb.UPDATE, Target(ref)) and not self._store.catalogue([ref])
            if is_ours:
                yield ref

    def _attempted(self, ref: str, work: Callable[[], Done]) -> Done | SyncResult:
        try:
            return work()
        except (PackError, HTTPException) as error:
            said = str(error.detail) if isinstance(error, HTTPException) else str(error)
            return SyncResult(
                pack_ref=ref, loaded_count=0, registered_count=0, workflows=[], errors=[said]
            )

    def _begin(self, one: Seen) -> _Begun:
        assert one.resource is not None  # noqa: S101  # the callers have looked
        if one.resource.is_suspended:
            raise HTTPException(409, "The Pack is suspended: resume it first.")
        before = self._ids(one.told.ref) if one.row else frozenset()
        key = one.resource.key
        return _Begun(key, one.told.ref, self._ordering.request(key), before)

    def _end(self, begun: _Begun, seconds: float) -> Synced:
        with self._waiting.one():
            ended = self._ordering.ended(begun.key, begun.asked, seconds)
        after = self.desk.packs.get(begun.key)
        if after is None:
            raise HTTPException(404, f"Pack {begun.key} was deleted meanwhile.")
        status = after.status()
        ref = status.pack.ref if status.pack else begun.ref
        rows = self._store.catalogue([ref])
        is_owner = bool(rows) and rows[0].owner_uid == after.uid
        found = self._store.workflows(ref) if is_owner else ()
        return Synced(of_status(ref, status, begun.before, found), ended)

    def _return(self, ref: str, entry: RevisionEntry, goal: RollbackSpec) -> None:
        goal = goal.model_copy(update={"until": Until.REMOVED})
        git = GitSpec(url=entry.source_url or f"file://{self.folders.place(ref)}")
        spec = PackSpec(ref=ref, git=git, rollback=goal)
        source = Unopened(Stalled(Reason.INTERNAL_ERROR, "A rollback asks no repository."))
        asked = Asked(COMMAND_LINE, 0, spec, source)
        outcome = Reconciler(self._store, self._memo).reconcile(asked)
        if outcome.failure:
            raise outcome.failure.error

    @property
    def _ordering(self) -> Orders:
        if self._orders is None:
            raise HTTPException(409, "This server has no cluster: ask the controller.")
        return self._orders

    def _need_folder(self, ref: str) -> None:
        if not self.folders.has(ref):
            place = self.folders.place(ref)
            raise HTTPException(409, f"The pack has no source: there is no {place}/pack.yaml.")

    def _ids(self, ref: str) -> frozenset[int]:
        return frozenset(row.id for row in self._store.workflows(ref))


def _late(done: Synced) -> SyncResult:
    """The result, which tells whether it is one."""
    if done.ended:
        return done.result
    return done.result.model_copy(update={"errors": ["It is still being synced."]})


def named(store: Store, ref: str, one: Seen, revision: str) -> RevisionEntry:
    """The recorded revision of the pack that is called so (`12`, `latest`, `~1`, `main@1f3a`);
    raises `HTTPException` (404)."""
    if one.row is None:
        raise HTTPException(404, "Nothing of this pack was applied yet.")
    try:
        return read_name(revision).among(ref, store.history(ref, limit=None))
    except NoSuchRevision as error:
        raise HTTPException(404, str(error)) from None
