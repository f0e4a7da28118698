"""Whom a delivery wakes, and how soon."""

from __future__ import annotations

from controller.hooks import Push
from controller.operator.cache import Cache
from controller.operator.cluster import Cluster
from controller.operator.pace import AT_ONCE
from controller.operator.receivers import Receivers
from controller.pack.identity import PackKey

_URL = "https://git.example.com/packs.git"
_KEY = PackKey("a", "payments")


def test_a_storm_wakes_at_once_at_first_and_then_later(cluster: Cluster) -> None:
    cache, woken = Cache(), list[tuple[PackKey, float]]()
    metadata = {"namespace": _KEY.namespace, "name": _KEY.name, "uid": "1", "generation": 1}
    cache.put({"metadata": {**metadata, "resourceVersion": "1"}, "spec": {"git": {"url": _URL}}})
    receivers = Receivers(cluster, cache, lambda key, delay: woken.append((key, delay)))
    for _ in range(AT_ONCE * 10):
        assert receivers.tell_all(Push((_URL,))) == 1
    assert [key for key, _ in woken] == [_KEY] * AT_ONCE * 10
    delays = [delay for _, delay in woken]
    assert delays[0] == 0.0 < max(delays)
