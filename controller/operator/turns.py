"""The order among Packs: whose turn it is, and who is run again because it has come.

Imports `reconcile`'s values, `pack` and the room's neighbours.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from controller.errors import Reason, Waiting
from controller.operator.cache import Cache
from controller.operator.cluster import Cluster
from controller.operator.dependencies import check_turn
from controller.operator.queue import WorkQueue
from controller.operator.request import ApiRefused, ClusterError
from controller.operator.resource import Resource
from controller.operator.schedule import Priority
from controller.operator.waits import Thing, Waits
from controller.pack.identity import PackKey
from controller.pack.outcome import Outcome
from controller.reconcile import Asked

_OF_PACKS = (Reason.DEPENDENCY_NOT_READY, Reason.DEPENDENCY_CYCLE)


class Turns:
    """Who waits for whom. Safe to share between the watch and the workers."""

    def __init__(self, cluster: Cluster, cache: Cache, queue: WorkQueue) -> None:
        self._cluster = cluster
        self._cache = cache
        self._queue = queue
        self._waits = Waits()

    def begin(self) -> int:
        """What `end` wants to know of the time before the run."""
        return self._waits.begin()

    def ask(self, asked: Asked, pack: Resource) -> Asked:
        """`asked`, with what there is to know of others that must come first."""
        return replace(
            asked,
            waiting=self._waits.needs(),
            check_turn=partial(check_turn, pack, find=self._find),
        )

    def end(self, pack: Resource, outcome: Outcome, begun: int) -> None:
        """Remember what `pack` waits for now, and run those again that waited for it; once the
        status tells of the outcome."""
        failure = outcome.failure
        waits = failure is not None and failure.error.reason in _OF_PACKS
        packs = pack.depends_on if waits else ()
        if self._waits.settle(pack.key, packs, outcome.awaited, begun):
            self._queue.add(pack.key, Priority.FOLLOWS)
        now = self._cache.get(pack.key)
        if now is not None and now.standing != pack.standing:
            self.came(pack.key)
        if outcome.applied is not None and outcome.applied.wrote:
            self.came(outcome.applied.pack_ref)

    def came(self, thing: Thing) -> None:
        """Run those again that wait for a Pack or for a pack's rows, as these have changed."""
        for key in self._waits.came(thing):
            self._queue.add(key, Priority.FOLLOWS)

    def drop(self, key: PackKey) -> None:
        """Forget a Pack that is gone."""
        self._waits.drop(key)

    def _find(self, key: PackKey) -> Resource | None:
        known = self._cache.get(key)
        if known is not None:
            return known
        # It may not have been listed yet, or may be in a namespace that is not watched.
        try:
            body = self._cluster.get_pack(key)
        except ApiRefused:
            return None
        except ClusterError as error:
            raise Waiting(
                Reason.DEPENDENCY_NOT_READY,
                f"Pack {key}, on which this one depends, cannot be looked up: {error}",
            ) from error
        return Resource(body) if body else None
