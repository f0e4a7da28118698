"""The repository of each Pack, opened with its Secret. Imports `source`, `reconcile`, the cluster.

A source that was used before remembers its last listing, so the same one is handed out again as
long as neither the spec's git part nor the Secret's content changes.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from controller.errors import Reason, Stalled
from controller.operator.cluster import Cluster
from controller.operator.resource import Resource
from controller.pack.identity import PackKey
from controller.pack.source import Source
from controller.pack.spec import PackSpec
from controller.reconcile import asked_source
from controller.source.credentials import Credentials
from controller.source.mirrors import Mirrors


@dataclass(frozen=True, slots=True)
class _Opened:
    spec: PackSpec
    identity: str
    source: Source


class Sources:
    """Sources by Pack. Safe to share between workers, since no Pack runs twice at once."""

    def __init__(self, cluster: Cluster, mirrors: Mirrors) -> None:
        self._cluster = cluster
        self._mirrors = mirrors
        self._opened: dict[PackKey, _Opened] = {}
        self._lock = threading.Lock()

    def of(self, pack: Resource, spec: PackSpec) -> Source:
        """The repository that `spec` names; raises `PackError` for a bad URL or Secret."""
        credentials = self._credentials(pack.key.namespace, spec)
        identity = credentials.identity if credentials else ""
        with self._lock:
            known = self._opened.get(pack.key)
        if known and known.identity == identity and _same_place(known.spec, spec):
            return known.source
        source = asked_source(spec, self._mirrors, pack.key.namespace, credentials)
        with self._lock:
            self._opened[pack.key] = _Opened(spec, identity, source)
        return source

    def drop(self, key: PackKey) -> None:
        """Forget the source of a Pack that is gone."""
        with self._lock:
            self._opened.pop(key, None)

    def _credentials(self, namespace: str, spec: PackSpec) -> Credentials | None:
        if spec.git.secret_ref is None:
            return None
        name = spec.git.secret_ref.name
        data = self._cluster.read_secret(namespace, name)
        if data is None:
            raise Stalled(
                Reason.SECRET_NOT_FOUND,
                f"There is no Secret {name} in the namespace {namespace}.",
                hint="Create it with the keys username and password, or bearerToken.",
            )
        return Credentials(
            username=_text(data, "username"),
            password=_text(data, "password"),
            bearer_token=_text(data, "bearerToken"),
        )


def _same_place(one: PackSpec, other: PackSpec) -> bool:
    return one.git == other.git and one.timeout == other.timeout


def _text(data: dict[str, bytes], key: str) -> str:
    # A trailing line break comes from `echo` into a file and is never part of a password.
    return data.get(key, b"").decode("utf-8", "replace").rstrip("\r\n")
