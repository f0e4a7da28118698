"""What the API has done to a Pack: by the fields and annotations that `kubectl` would write.

Permission: get and patch packs. Imports the room and `reconcile`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from controller.errors import PackError, Reason, Stalled, Transient, Waiting
from controller.operator.cache import Cache
from controller.operator.cluster import Cluster
from controller.operator.identity import ClusterName
from controller.operator.request import ApiUnavailable, ClusterError
from controller.operator.resource import Resource
from controller.operator.sources import Sources
from controller.pack.identity import PackKey
from controller.pack.spec import REQUESTED_AT, RollbackSpec
from controller.pack.status import RollbackState
from controller.reconcile import Asked

_FORGET_SECONDS = 20.0


class Orders:
    """Changes Packs, and waits for what comes of it; safe to use from many threads."""

    def __init__(self, cluster: Cluster, cache: Cache, sources: Sources, name: ClusterName) -> None:
        self._cluster = cluster
        self._cache = cache
        self._sources = sources
        self._name = name

    def request(self, key: PackKey) -> str:
        """Have it reconciled now; what the status names when that has ended."""
        asked = datetime.now(UTC).isoformat()
        pack = self._annotate(key, asked)
        if pack.requested and pack.requested > asked:
            # Only the greatest of all requests is heard, and somebody's was greater.
            asked = f"{pack.requested} {asked}"
            self._annotate(key, asked)
        return asked

    def ended(self, key: PackKey, asked: str, seconds: float) -> bool:
        """Whether the reconcile that was `asked` for ends within `seconds`."""
        return self._wait(key, seconds, lambda one: _handled(one) >= asked)

    def suspend(self, key: PackKey, *, suspend: bool) -> None:
        """Leave it alone, or no longer."""
        self._patch(key, {"spec": {"suspend": suspend}})

    def roll_back(self, key: PackKey, wanted: RollbackSpec | None) -> None:
        """Have a recorded revision applied in place of Git's; None: Git's again."""
        pack = self._get(key)
        known = pack.status().rollback
        if wanted and known and pack.spec().rollback == wanted:
            if known.state is RollbackState.ACTIVE:
                return
            # The very same wish that a commit has ended counts again once the field was away.
            self._patch(key, {"spec": {"rollback": None}})
            self._wait(key, _FORGET_SECONDS, lambda one: one.status().rollback is None)
        body = wanted.model_dump(mode="json", by_alias=True) if wanted else None
        self._patch(key, {"spec": {"rollback": body}})

    def asked(self, key: PackKey) -> Asked:
        """What a reconcile of it would be asked to do, for one who only plans it."""
        pack = self._get(key)
        spec = pack.spec()
        try:
            source = self._sources.apart(pack, spec)
        except ClusterError as error:
            raise _told(error) from error
        owner = replace(pack.owner, cluster=self._name.get())
        return Asked(owner, pack.generation, spec, source, dry_run=True)

    def _annotate(self, key: PackKey, token: str) -> Resource:
        return self._patch(key, {"metadata": {"annotations": {REQUESTED_AT: token}}})

    def _get(self, key: PackKey) -> Resource:
        return self._there(key, lambda: self._cluster.get_pack(key))

    def _patch(self, key: PackKey, patch: dict[str, Any]) -> Resource:
        return self._there(key, lambda: self._cluster.patch_pack(key, patch))

    def _there(self, key: PackKey, ask: Callable[[], dict[str, Any] | None]) -> Resource:
        try:
            body = ask()
        except ClusterError as error:
            raise _told(error) from error
        if body is None:
            raise Stalled(Reason.INVALID_SPEC, f"Pack {key} was deleted.")
        return Resource(body)

    def _wait(self, key: PackKey, seconds: float, fits: Callable[[Resource], bool]) -> bool:
        """Whether `fits` holds of it, or it is gone, within `seconds`."""
        until = time.monotonic() + seconds
        changed = threading.Event()

        def hear(other: PackKey) -> None:
            if other == key:
                changed.set()

        with self._cache.listening(hear):
            while True:
                changed.clear()
                pack = self._cache.get(key)
                if pack is None or fits(pack):
                    return True
                if not changed.wait(max(0.0, until - time.monotonic())):
                    return False


def _handled(pack: Resource) -> str:
    return pack.status().last_handled_reconcile_at or ""


def _told(error: ClusterError) -> PackError:
    if isinstance(error, ApiUnavailable):
        return Transient(Reason.INTERNAL_ERROR, "The API server is away.", retry_after=5.0)
    return Waiting(Reason.INVALID_SPEC, f"The API server refused it: {error}", retry_after=5.0)
