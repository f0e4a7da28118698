"""The store's door: each method is one transaction. May import `pack` and this room."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Self, TypeVar

from controller.pack.content import Json
from controller.pack.identity import Owner
from controller.pack.rollback import Rollback
from controller.store.attempts import attempts, note
from controller.store.by_hand import PackFields, add_pack, change_pack, delete_pack
from controller.store.catalogue import (
    CataloguePack,
    StoredWorkflow,
    catalogue,
    pack_row,
    workflow,
    workflows,
)
from controller.store.comparison import Comparison, compare
from controller.store.database import Database, DatabaseSettings
from controller.store.finding import recorded_params
from controller.store.history import history, revision
from controller.store.migrate import (
    check,
    is_new,
    looking,
    migrate,
    refuse_newer,
    rehearsed,
)
from controller.store.plan import Plan
from controller.store.records import (
    Attempt,
    AttemptEntry,
    RecordedRevision,
    Removed,
    Retention,
    RevisionEntry,
)
from controller.store.removal import release, remove
from controller.store.retention import (
    MANY,
    empty_abandoned,
    expire_attempts,
    expire_revisions,
    sweep_bodies,
    unused_bodies,
)
from controller.store.session import Observer, Session
from controller.store.statements import Statement
from controller.store.sync import Tell, foresee, sync
from controller.store.values import (
    Holder,
    InventoryItem,
    KnownAction,
    KnownPack,
    Receipt,
    Recorded,
    Removal,
    Standing,
    SyncRequest,
)

Result = TypeVar("Result")

_DEFAULT = Retention()


def _unobserved(_: str) -> None:
    """Nobody wants to know."""


def _untold(_: Receipt) -> None:
    """Nothing is to be kept."""


class Store:
    """Attune's database, as far as packs go. Thread-safe; a context manager that opens and closes.

    Every method raises `Transient` (DatabaseUnavailable) when the database is away after several
    tries, and `Stalled` (DatabaseRefused) when it refuses what trying again cannot help.
    """

    def __init__(
        self,
        settings: DatabaseSettings,
        *,
        retention: Retention = _DEFAULT,
        on_statement: Observer = _unobserved,
        on_retry: Observer = _unobserved,
        dry: bool = False,
    ) -> None:
        """`on_statement` hears each statement's name before it is sent, and `commit`; `on_retry`
        why a transaction is tried again: the SQLSTATE, empty where the connection was lost.

        `dry` is for one who plans and does not sync: a database without our tables is planned on as
        if they were there.
        """
        self._dry = dry
        self._retention = retention
        self._database = Database(settings, on_statement, on_retry)
        self._preparing = threading.Lock()
        self._prepared = False

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Start the pool; a database that is away is no error yet."""
        self._database.open()

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def ping(self) -> None:
        """Ask the database for a sign of life."""
        self._database.transact(lambda session: session.run(Statement.PING))

    def migrate(self) -> int:
        """Check Attune's tables, or create them where there are none, and migrate our own schema.

        Returns our schema's version. Raises `Stalled` where a table or column is missing, or where
        a newer program has migrated the database. Writes nothing to an up-to-date database.
        """
        return self._database.transact(migrate)

    def prepare(self) -> None:
        """`migrate`, once in the life of this object; a database that is away then is no loss."""
        with self._preparing:
            if not self._prepared:
                self.migrate()
                self._prepared = True

    def refuse_newer(self) -> None:
        """Raise `NewerSchema` where a newer program has migrated the database. Writes nothing, and
        waits for no database that is away."""
        self._database.ask(refuse_newer)

    def check(self) -> None:
        """Raise `Stalled` unless our schema is at this program's version, for one who only reads:
        nobody's database is migrated by a question."""
        self._database.transact(check)

    def next_sequence(self) -> int:
        """A number larger than all before it, to be drawn before the look at the remote."""
        return int(self._database.transact(lambda session: session.value(Statement.NEXT_SEQUENCE)))

    def recorded(
        self, owner: Owner, *, pack_ref: str = "", tree_oid: str = "", look: bool = True
    ) -> Recorded | None:
        """What `owner` applied last, None if nothing; the command line must name the pack.

        Without `look`, or where `tree_oid` is given and is not the tree that was applied, the rows
        are not looked at, which takes most of the time.
        """
        params = recorded_params(owner, pack_ref, tree_oid, look=look)
        found = self._database.transact(
            lambda session: session.rows(Statement.READ_RECORDED, Recorded, params)
        )
        return found[0] if found else None

    def standing(self, owner: Owner, *, pack_ref: str = "") -> Standing | None:
        """What `owner` has claimed, or one before it that had its name; None if nothing. The
        command line must name the pack. The rows are not looked at."""
        params = {
            "owner_uid": owner.uid,
            "owner_namespace": owner.namespace,
            "owner_name": owner.name,
            "owner_cluster": owner.cluster,
            "pack_ref": pack_ref,
        }
        found = self._database.transact(
            lambda session: session.rows(Statement.READ_STANDING, Standing, params)
        )
        return found[0] if found else None

    def close_rollback(self, owner: Owner, pack_ref: str, known: Rollback, head: str) -> Rollback:
        """Remember that Git was looked at after a rollback began, and that its `head` (empty: it
        could not be had) is skipped, too. What is remembered is as it was where it is not `known`
        any more."""
        closed = known.closed(head)
        params = {
            "pack_ref": pack_ref,
            "owner_uid": owner.uid,
            "before": json.dumps(known.document),
            "after": json.dumps(closed.document),
        }
        self._database.transact(lambda session: session.run(Statement.CLOSE_ROLLBACK, params))
        return closed

    def actions(self, refs: Collection[str], *, own_pack: str | None) -> Mapping[str, Json]:
        """The `param_schema` of those of `refs` that the database has as actions.

        Workflows of `own_pack` are left out: those that Git does not have are about to go. Without
        refs nothing is asked.
        """
        if not refs:
            return {}
        params = {"refs": sorted(refs), "own_pack": own_pack}
        look = self._look if self._dry else self._database.transact
        found = look(lambda session: session.rows(Statement.READ_ACTIONS, KnownAction, params))
        return {one.ref: one.param_schema for one in found}

    def installed(self, refs: Collection[str]) -> tuple[KnownPack, ...]:
        """Those of the packs `refs` that the database has, and of those that they need in turn, by
        ref. Without refs nothing is asked."""
        if not refs:
            return ()
        params = {"refs": sorted(refs)}
        return tuple(
            self._database.transact(
                lambda session: session.rows(Statement.READ_INSTALLED, KnownPack, params)
            )
        )

    def inventory(self, pack_ref: str) -> tuple[InventoryItem, ...]:
        """The workflows that we wrote of a pack, sorted by ref."""
        params = {"pack_ref": pack_ref}
        return tuple(
            self._database.transact(
                lambda session: session.rows(Statement.READ_INVENTORY, InventoryItem, params)
            )
        )

    def holders(self, pack_ref: str | None = None) -> tuple[Holder, ...]:
        """Who holds a pack ref, or all that are held, sorted by ref."""
        params = {"pack_ref": pack_ref}
        look = self._look if self._dry else self._database.transact
        return tuple(look(lambda session: session.rows(Statement.READ_HOLDERS, Holder, params)))

    def catalogue(self, refs: Collection[str] | None = None) -> tuple[CataloguePack, ...]:
        """All packs that the database has, whoever wrote them, or those of `refs`; by ref."""
        return self._database.transact(lambda session: catalogue(session, refs))

    def pack_row(self, pack_ref: str) -> dict[str, Any] | None:
        """Attune's row of a pack by column, times as text; None where there is none."""
        return self._database.transact(lambda session: pack_row(session, pack_ref))

    def workflows(self, pack_ref: str) -> tuple[StoredWorkflow, ...]:
        """The workflows that the database has of a pack, whoever wrote them, by ref; without their
        definitions."""
        return self._database.transact(lambda session: workflows(session, pack_ref))

    def workflow(self, ref: str) -> StoredWorkflow | None:
        """A workflow with its definition, None where there is none."""
        return self._database.transact(lambda session: workflow(session, ref))

    def count(self, pack_ref: str) -> int:
        """How many workflows a pack has in the database, whoever wrote them."""
        return int(
            self._database.transact(
                lambda session: session.value(Statement.COUNT, {"pack_ref": pack_ref})
            )
        )

    def preview(self, request: SyncRequest) -> Plan:
        """What `sync` would do, in a transaction that cannot write; the request's number does not
        count. Raises as `sync` does for the claims of others; a plan that `sync` would refuse is
        returned as it is."""
        return self._look(lambda session: foresee(session, request).plan)

    def compare(self, request: SyncRequest, *, for_owner: bool = False) -> Comparison:
        """`preview` by field. With `for_owner`, what would come of it if the Pack asked that the
        pack belongs to, if it belongs to one: nobody is refused then, and the pack's source stays.
        """
        return self._look(lambda session: compare(session, request, for_owner=for_owner))

    def sync(self, request: SyncRequest, tell: Tell = _untold) -> Receipt:
        """Make the pack's rows what `request` says: all of it or nothing, and only what differs.

        What `tell` makes of the receipt is kept with it, if rows were written or if it failed in
        another way than the attempt before. `tell` may be asked several times.

        Raises `Stalled` with RefConflict (the pack is another's, or its ref changed),
        ActionConflict (another's row has a workflow's ref) or EmptyPack; `Waiting` with Superseded
        when a newer observation was applied. Nothing is written then.
        """
        keep = self._retention.attempts
        return self._database.transact(lambda session: sync(session, request, tell, keep))

    def note(self, attempt: Attempt) -> bool:
        """Keep an attempt that did not come to a sync, unless it failed as the one before it did;
        whether it was kept. A database that is away is not waited for."""
        keep = self._retention.attempts
        return self._database.transact(lambda session: note(session, attempt, keep), tries=1)

    def history(
        self, pack_ref: str, *, limit: int | None = 20, before: int | None = None
    ) -> tuple[RevisionEntry, ...]:
        """The applied revisions of a pack that are kept, newest first: `limit` of them (None: all),
        with numbers below `before` if it is given."""
        return self._database.transact(lambda session: history(session, pack_ref, limit, before))

    def revision(self, pack_ref: str, number: int) -> RecordedRevision | None:
        """All that was recorded of one applied revision, None where it is not kept."""
        return self._database.transact(lambda session: revision(session, pack_ref, number))

    def attempts(
        self, whose: str | Owner, *, limit: int = 20, before: int | None = None
    ) -> tuple[AttemptEntry, ...]:
        """The attempts that are kept of a pack, by its ref, or of a Pack resource, newest first:
        `limit` of them, with ids below `before` if it is given."""
        return self._database.transact(lambda session: attempts(session, whose, limit, before))

    def tidy(self, pack_ref: str, *, keep: int, pinned: Collection[int] = ()) -> Removed:
        """Remove of a pack's past what is over the limits: all but the newest `keep` revisions and
        those that are `pinned`, bodies that no other needs, attempts that are too old.

        Many short transactions, none of which waits for another's or is tried again.
        """
        days = self._retention.days
        revisions = self._batches(
            lambda session: expire_revisions(session, pack_ref, days, keep, pinned)
        )
        bodies = self._swept(pack_ref) if revisions else 0
        return Removed(revisions, bodies, self._expired())

    def sweep(self, pack_ref: str) -> Removed:
        """`tidy` by age alone, with all bodies that nothing needs: those of packs that nobody
        claims any more, and those that an interrupted `tidy` left."""
        days = self._retention.days
        revisions = self._batches(
            lambda session: expire_revisions(session, pack_ref, days, None, ())
        )
        self._batches(lambda session: empty_abandoned(session, pack_ref, days))
        return Removed(revisions, self._swept(pack_ref), self._expired())

    def packs(self) -> tuple[str, ...]:
        """The refs of all packs that have a past, also of those that are gone."""
        return tuple(self._database.transact(lambda session: session.values(Statement.LIST_PACKS)))

    def _look(self, work: Callable[[Session], Result]) -> Result:
        """`work`'s result, in a transaction that leaves nothing behind."""
        if self._dry and self._database.transact(is_new):
            return self._database.transact(lambda session: rehearsed(session, work), undone=True)
        return self._database.transact(lambda session: looking(session, work))

    def _swept(self, pack_ref: str) -> int:
        """How many bodies went. What is needed is found without a lock and deleted with it, and
        the rest is left for the next time where a sync came between."""
        total, many = 0, MANY
        while many == MANY:
            unused = self._once(lambda session: unused_bodies(session, pack_ref))
            many = len(unused.digests)
            for batch in unused.batches():
                done = self._once(partial(sweep_bodies, pack_ref=pack_ref, unused=batch))
                total += done
                if done < len(batch.digests):
                    return total
        return total

    def _expired(self) -> int:
        return self._batches(lambda session: expire_attempts(session, self._retention.days))

    def _batches(self, work: Callable[[Session], int]) -> int:
        """How much `work` did, one transaction after the other, until nothing was left to do."""
        total = 0
        while done := self._once(work):
            total += done
        return total

    def _once(self, work: Callable[[Session], Result]) -> Result:
        return self._database.transact(work, tries=1)

    def add_pack(self, ref: str, fields: PackFields) -> bool:
        """Make the row of a pack that has no source; False where there is one of this ref."""
        return self._database.transact(lambda session: add_pack(session, ref, fields))

    def change_pack(self, ref: str, fields: PackFields) -> bool:
        """Change the row of a pack that no Pack resource owns; False where there is none. Raises
        `Stalled` (RefConflict) for one that is a resource's."""
        return self._database.transact(lambda session: change_pack(session, ref, fields))

    def delete_pack(self, ref: str) -> bool:
        """Delete a pack that no Pack resource owns, with the workflows that we wrote of it; False
        where there is none. All of it or nothing.

        Raises `Stalled` (RefConflict) for one that is a resource's, `Waiting` (PruneBlocked) while
        executions are running and where other rows refer to it.
        """
        keep = self._retention.attempts
        return self._database.transact(lambda session: delete_pack(session, ref, keep))

    def remove(self, owner: Owner, *, pack_ref: str = "") -> Removal:
        """Delete the workflows that `owner` wrote, the pack's row if we created it and nothing
        else refers to it, and the claim; the command line must name the pack.

        Raises `Waiting` (PruneBlocked), nothing removed, while executions of them are running.
        """
        keep = self._retention.attempts
        return self._database.transact(lambda session: remove(session, owner, pack_ref, keep))

    def release(self, owner: Owner, *, pack_ref: str = "") -> None:
        """Give `owner`'s claim up; all rows of Attune's tables stay as they are."""
        keep = self._retention.attempts
        self._database.transact(lambda session: release(session, owner, pack_ref, keep))
