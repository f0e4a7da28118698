"""What a worker does with one Pack: reconcile or finalize it, write its status, say when next.

Imports the room's neighbours, `reconcile`, `status` and `pack`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from controller.errors import InvalidSpec, PackError, Reason, Stage, Transient, Waiting
from controller.operator.cache import Cache
from controller.operator.cause import cause
from controller.operator.cluster import Cluster
from controller.operator.events import post_event
from controller.operator.identity import ClusterName
from controller.operator.lines import log_drift, log_outcome
from controller.operator.notices import Notices
from controller.operator.queue import WorkQueue
from controller.operator.receivers import Receivers
from controller.operator.request import ApiRefused, ClusterError, Conflict
from controller.operator.resource import Body, Resource
from controller.operator.rounds import Rounds
from controller.operator.schedule import Priority, Turn
from controller.operator.sources import Sources
from controller.operator.turns import Turns
from controller.operator.watch import Change
from controller.pack.identity import AskedBy, Owner, PackKey
from controller.pack.outcome import Failure, Outcome
from controller.pack.spec import FINALIZER, PackSpec
from controller.pack.status import PackStatus
from controller.pack.unverified import Unverified
from controller.reconcile import Asked, Asker, Reconciler, Unopened
from controller.redact import public_url
from controller.status import Circumstances, events, removing, render, suspended, to_patch

_log = structlog.get_logger(__name__)


class Packs:
    """All Packs of the cluster. `observe` is the watch's, `handle` the workers'."""

    def __init__(
        self,
        cluster: Cluster,
        cache: Cache,
        queue: WorkQueue,
        sources: Sources,
        reconciler: Reconciler,
        rounds: Rounds,
        receivers: Receivers,
        name: ClusterName,
        turns: Turns,
        notices: Notices,
        count: Callable[[PackKey, Outcome], None],
    ) -> None:
        """`count` hears of each reconcile that has ended."""
        self._cluster = cluster
        self._cache = cache
        self._queue = queue
        self._sources = sources
        self._reconciler = reconciler
        self._rounds = rounds
        self._receivers = receivers
        self._name = name
        self._turns = turns
        self._notices = notices
        self._count = count

    def observe(self, change: Change, body: Body) -> None:
        """Take a change in, and queue the Pack if somebody other than us made it."""
        key = Resource(body).key
        if change is Change.DELETED:
            self._cache.drop(key)
            self._queue.add(key, Priority.NOW)
        elif self._cache.put(body):
            self._queue.reset(key)
            self._queue.add(key, Priority.LATER if change is Change.LISTED else Priority.NOW)
        else:
            return
        self._turns.came(key)

    def handle(self, turn: Turn) -> float | None:
        """Bring one Pack up to date; in how many seconds to come back, None: on a change only."""
        key = turn.key
        pack = self._cache.get(key)
        if pack is None:
            self._forget(key)
            return None
        try:
            return self._finalize(pack) if pack.is_deleting else self._reconcile(pack, turn)
        except Conflict:
            # Somebody was faster; what they changed is on its way through the watch.
            return self._refresh(key)
        except ClusterError as error:
            delay = self._queue.backoff(key)
            _log.warning("API server", pack=str(key), error=str(error), retry_seconds=round(delay))
            return delay

    def _forget(self, key: PackKey) -> None:
        self._sources.drop(key)
        self._rounds.drop(key)
        self._turns.drop(key)
        self._notices.forget(key)
        self._queue.forget(key)
        self._wake_rivals()

    def _refresh(self, key: PackKey) -> float | None:
        body = self._cluster.get_pack(key)
        if body is None:
            self._cache.drop(key)
        else:
            self._cache.put(body)
        return self._queue.backoff(key)

    def _reconcile(self, pack: Resource, turn: Turn) -> float | None:
        try:
            spec = pack.spec()
        except InvalidSpec as error:
            return self._report(pack, self._noted(pack, turn, _failed(pack, error)), None)
        if spec.suspend:
            self._write(pack, suspended(pack.status(), self._around(pack)))
            return None
        now = time.monotonic()
        if self._rounds.waits_for_secret(turn, now) and not self._sources.is_changed(pack, spec):
            return self._rounds.again(pack.key, now)
        pack = self._held(pack)
        begun = self._turns.begin()
        outcome = self._outcome(pack, spec, turn)
        self._rounds.judge(pack.key, outcome)
        delay = self._report(pack, outcome, spec)
        self._turns.end(pack, outcome, begun)
        self._reconciler.tidy(spec, outcome)
        return delay

    def _held(self, pack: Resource) -> Resource:
        """The Pack with our finalizer on it, which must be there before the first row is."""
        if pack.is_held:
            return pack
        version = str(pack.body["metadata"]["resourceVersion"])
        body = self._cluster.set_finalizers(pack.key, [*pack.finalizers, FINALIZER], version)
        if body is None:
            raise Conflict(f"Pack {pack.key} is gone.")
        self._cache.put(body)
        return Resource(body)

    def _outcome(self, pack: Resource, spec: PackSpec, turn: Turn) -> Outcome:
        try:
            source = self._sources.of(pack, spec)
        except (PackError, ApiRefused) as refused:
            error = _forbidden(refused) if isinstance(refused, ApiRefused) else refused
            if spec.rollback is None:
                stage = Stage.VERIFIED if isinstance(error, Unverified) else Stage.FETCHED
                return self._noted(pack, turn, _failed(pack, error, stage))
            # What is rolled back to needs no repository.
            source = Unopened(error)
        asked = Asked(
            self._owner(pack),
            pack.generation,
            spec,
            source,
            reported=pack.reported,
            drift=pack.drift,
            adopts=pack.adoption.refs,
            heir_of=tuple(self._departed(pack)),
            asked_by=cause(pack, turn),
            dry_run=bool(pack.dry_run),
            seen=pack.seen,
            approved=pack.approved,
            approver=pack.approver,
        )
        asked = self._turns.ask(self._rounds.begin(asked, turn, time.monotonic()), pack)
        asked = self._notices.ask(asked, pack)
        outcome = self._reconciler.reconcile(asked)
        self._rounds.end(asked, turn, outcome)
        return outcome

    def _owner(self, pack: Resource) -> Owner:
        return replace(pack.owner, cluster=self._name.get())

    def _departed(self, pack: Resource) -> Iterator[Owner]:
        """Those of the Packs whose place it is to take that are no longer there."""
        name = self._name.get()
        for key in pack.predecessors if name else ():
            try:
                if self._cluster.get_pack(key) is None:
                    yield Owner("", key.namespace, key.name, name)
            except ApiRefused as error:
                _log.warning("nobody can tell if it is gone", pack=str(key), error=str(error))

    def _noted(self, pack: Resource, turn: Turn, outcome: Outcome) -> Outcome:
        """An outcome that no reconcile has kept in the history, kept there; not of a dry run."""
        if not pack.dry_run:
            asker = Asker(self._owner(pack), pack.generation, cause(pack, turn))
            self._reconciler.note(asker, outcome)
        return outcome

    def _report(self, pack: Resource, outcome: Outcome, spec: PackSpec | None) -> float | None:
        """Write the status, say what is new, and tell when to come back."""
        self._count(pack.key, outcome)
        failure = outcome.failure or outcome.hindrance
        error = failure.error if failure else None
        delay = self._delay(pack.key, error, spec)
        passing = delay if isinstance(error, Waiting | Transient) else None
        before = self._current(pack).status()
        after = render(outcome, before, self._around(pack, passing))
        self._write(pack, after)
        log_outcome(pack, outcome, delay)
        if outcome.drift and after.drift and after.drift != before.drift:
            log_drift(pack, outcome.drift)
        return delay

    def _delay(self, key: PackKey, error: PackError | None, spec: PackSpec | None) -> float | None:
        if isinstance(error, Transient):
            own = self._queue.backoff(key)
            if error.retry_after is None:
                return own
            # Not before it, and not all at once.
            return error.retry_after * (1 + _chance() / 10)
        self._queue.reset(key)
        if isinstance(error, Waiting):
            return error.retry_after
        if isinstance(error, InvalidSpec) or spec is None:
            return None
        return self._rounds.next(key, spec.interval_seconds, time.monotonic(), _chance())

    def _around(self, pack: Resource, delay: float | None = None) -> Circumstances:
        now = datetime.now(UTC)
        retry = now + timedelta(seconds=delay) if delay is not None else None
        webhook = self._receivers.status(pack)
        return Circumstances(pack.generation, now, pack.requested, retry, pack.dry_run, webhook)

    def _current(self, pack: Resource) -> Resource:
        """The Pack with the newest status, if it is still the same Pack."""
        newest = self._cache.get(pack.key)
        return newest if newest and not self._is_replaced(pack) else pack

    def _is_replaced(self, pack: Resource) -> bool:
        """Whether another Pack of the same name has come meanwhile; it gets its own status."""
        newest = self._cache.get(pack.key)
        return newest is not None and newest.uid != pack.uid

    def _write(self, pack: Resource, after: PackStatus) -> None:
        before = self._current(pack).status()
        # What was told meanwhile is another thread's to write.
        after = after.model_copy(update={"notified": before.notified})
        if self._is_replaced(pack):
            return
        if patch := to_patch(before, after):
            body = self._cluster.patch_status(pack.key, patch)
            if body is None:
                # It went while the API server was away, so the watch never told of it.
                self._cache.drop(pack.key)
                return
            self._cache.put(body)
            for event in events(before, after):
                post_event(self._cluster, body, event)
        self._notices.tell(self._current(pack))

    def _finalize(self, pack: Resource) -> float | None:
        """Let go of a Pack that is being deleted, as soon as its rows can go."""
        if not pack.is_held:
            return None
        try:
            asker = Asker(self._owner(pack), pack.generation, AskedBy.DELETION)
            self._reconciler.remove(asker, pack.deletion_policy)
        except PackError as error:
            delay = self._delay(pack.key, error, None) or self._queue.backoff(pack.key)
            around = self._around(pack, delay)
            self._write(pack, removing(pack.status(), error, around))
            return delay
        others = [name for name in pack.finalizers if name != FINALIZER]
        version = str(pack.body["metadata"]["resourceVersion"])
        body = self._cluster.set_finalizers(pack.key, others, version)
        if body is not None and others:
            self._cache.put(body)
        elif not self._is_replaced(pack):
            # It is gone with this; the watch may have said so already.
            self._cache.drop(pack.key)
        _log.info("pack removed", pack=str(pack.key), policy=pack.deletion_policy.value)
        self._wake_rivals()
        return None

    def _wake_rivals(self) -> None:
        """A ref may have become free, or its owner gone: look again at those who wait for one."""
        for key in self._cache.with_reason(Reason.REF_CONFLICT):
            self._queue.add(key, Priority.NOW)


def _chance() -> float:
    return random.random()  # noqa: S311 - spreads load only


def _failed(pack: Resource, error: PackError, stage: Stage = Stage.FETCHED) -> Outcome:
    """The outcome of a Pack that did not get as far as a look at Git."""
    return Outcome(public_url(pack.url), "", failure=Failure(stage, error))


def _forbidden(error: ApiRefused) -> Waiting:
    return Waiting(
        Reason.SECRET_NOT_FOUND,
        f"A Secret of the Pack cannot be read: {error}",
        hint="Give the controller's service account the right to get it.",
    )
