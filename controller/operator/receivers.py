"""Whom a push concerns, and what opens a Pack's own webhook. Imports the room and `hooks`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cachetools import TTLCache

from controller.hooks import Push, follows, place
from controller.hooks.paths import hook_path
from controller.operator.cache import Cache
from controller.operator.cluster import Cluster
from controller.operator.pace import Paces
from controller.operator.request import ApiRefused, ClusterError
from controller.operator.resource import Resource
from controller.pack.identity import PackKey
from controller.pack.status import WebhookStatus
from controller.redact import brief

TOKEN_KEY = "token"  # noqa: S105 - the name of the Secret's key, which is Flux'
_FRESH_SECONDS = 5.0

Wake = Callable[[PackKey, float], None]


class Receivers:
    """Packs as webhooks see them; safe to use from many threads."""

    def __init__(self, cluster: Cluster, cache: Cache, wake: Wake) -> None:
        """`wake` has a Pack look at its repository in so many seconds."""
        self._cluster = cluster
        self._cache = cache
        self._wake = wake
        self._tokens: TTLCache[tuple[str, str], str] = TTLCache(10_000, _FRESH_SECONDS)
        self._paces = Paces()
        self._lock = threading.Lock()

    def token(self, path: str) -> str | None:
        """The secret of the Pack whose status names `path`, if it is still the one that makes it;
        a Secret that changed counts within five seconds. Raises `ClusterError`."""
        pack = self._cache.at_hook(path)
        if pack is None:
            return None
        token = self._secret(pack.key.namespace, pack.webhook_secret)
        return token if token and hook_path(token, pack.key) == path else None

    def status(self, pack: Resource) -> WebhookStatus | None:
        """What the Pack's status says of its own webhook; None where none is asked for."""
        name = pack.webhook_secret
        if not name:
            return None
        try:
            token = self._read(pack.key.namespace, name)
        except ApiRefused as error:
            return WebhookStatus(message=brief(f"The Secret {name!r} cannot be read: {error}"))
        except ClusterError:
            return pack.status().webhook
        if not token:
            make = f"kubectl create secret generic {name} --from-literal={TOKEN_KEY}=…"
            message = f"There is no Secret {name!r} with the key {TOKEN_KEY!r}. Make it: {make}"
            return WebhookStatus(message=message)
        return WebhookStatus(path=hook_path(token, pack.key))

    def tell(self, path: str, push: Push) -> int:
        """Wake the Pack whose status names `path`."""
        pack = self._cache.at_hook(path)
        return 0 if pack is None else self._tell([pack], push)

    def tell_all(self, push: Push) -> int:
        """Wake the Packs that follow what was pushed."""
        places = {place(url) for url in push.urls} - {""}
        return self._tell([pack for one in places for pack in self._cache.at_place(one)], push)

    def _tell(self, packs: list[Resource], push: Push) -> int:
        told = [pack.key for pack in packs if follows(pack.git_ref, push.refs)]
        now = time.monotonic()
        with self._lock:
            delays = [self._paces.delay(key, now) for key in told]
        for key, delay in zip(told, delays, strict=True):
            self._wake(key, delay)
        return len(told)

    def _secret(self, namespace: str, name: str) -> str:
        if not name:
            return ""
        with self._lock:
            known = self._tokens.get((namespace, name))
        return self._read(namespace, name) if known is None else known

    def _read(self, namespace: str, name: str) -> str:
        values = self._cluster.read_secret(namespace, name) or {}
        token = values.get(TOKEN_KEY, b"").decode("utf-8", "replace").strip()
        with self._lock:
            self._tokens[namespace, name] = token
        return token
