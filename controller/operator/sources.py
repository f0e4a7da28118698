"""The repository of each Pack, opened with its Secret. Imports `source`, `reconcile`, the cluster.

A source that was used before remembers its last listing, so the same one is handed out again as
long as neither the spec's git part nor the Secret's content changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from controller.errors import PackError
from controller.operator.cluster import Cluster
from controller.operator.keys import access_of, policy_of
from controller.operator.request import ApiRefused
from controller.operator.resource import Resource
from controller.pack.identity import PackKey
from controller.pack.source import Source
from controller.pack.spec import PackSpec
from controller.reconcile import asked_source
from controller.source.access import Access
from controller.source.mirrors import Mirrors
from controller.source.signatures.policy import Policy


@dataclass(frozen=True, slots=True)
class _Opened:
    spec: PackSpec
    identity: str
    source: Source


class Sources:
    """Sources by Pack. Safe to share between workers, since no Pack runs twice at once."""

    def __init__(
        self, cluster: Cluster, mirrors: Mirrors, moved: Callable[[PackKey], None]
    ) -> None:
        """`moved` hears of a Pack whose repository another's look found changed; from any thread,
        and must be quick."""
        self._cluster = cluster
        self._mirrors = mirrors
        self._moved = moved
        self._opened: dict[PackKey, _Opened] = {}
        self._tried: dict[PackKey, str] = {}
        self._lock = threading.Lock()

    def of(self, pack: Resource, spec: PackSpec) -> Source:
        """The repository that `spec` names; raises `PackError` for a bad URL or Secret."""
        try:
            access, policy = self._keys(pack, spec)
        except (PackError, ApiRefused) as error:
            self._tried[pack.key] = str(error)
            raise
        identity = self._tried[pack.key] = _identity(access, policy)
        with self._lock:
            known = self._opened.get(pack.key)
        if known and known.identity == identity and _same_place(known.spec, spec):
            return known.source
        source = asked_source(
            spec,
            self._mirrors,
            access,
            policy,
            tenant=pack.key.namespace,
            moved=partial(self._moved, pack.key),
        )
        with self._lock:
            self._opened[pack.key] = _Opened(spec, identity, source)
        return source

    def apart(self, pack: Resource, spec: PackSpec) -> Source:
        """The same, for one who looks beside the workers; raises `ApiRefused`, too."""
        access, policy = self._keys(pack, spec)
        return asked_source(spec, self._mirrors, access, policy, tenant=pack.key.namespace)

    def is_changed(self, pack: Resource, spec: PackSpec) -> bool:
        """Whether its Secrets hold something else than `of` found in them."""
        try:
            found = _identity(*self._keys(pack, spec))
        except (PackError, ApiRefused) as error:
            found = str(error)
        return found != self._tried.get(pack.key)

    def drop(self, key: PackKey) -> None:
        """Forget the source of a Pack that is gone."""
        self._tried.pop(key, None)
        with self._lock:
            self._opened.pop(key, None)

    def _keys(self, pack: Resource, spec: PackSpec) -> tuple[Access, Policy | None]:
        """What opens the repository, and whose signatures it must have: read at each look, so that
        a changed Secret counts at once."""
        namespace = pack.key.namespace
        access = access_of(self._cluster, namespace, spec.git)
        return access, policy_of(self._cluster, namespace, spec.git)


def _identity(access: Access, policy: Policy | None) -> str:
    return f"{access.identity} {policy.identity if policy else ''}"


def _same_place(one: PackSpec, other: PackSpec) -> bool:
    return one.git == other.git and one.timeout == other.timeout
