"""How many Packs there are in which state, and how full the queue is: what `/metrics` shows.

Imports the cache, the queue, the resource and `telemetry`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from controller.operator.cache import Cache
from controller.operator.queue import WorkQueue
from controller.telemetry import Census, Gauge


def census(cache: Cache, queue: WorkQueue) -> Census:
    """Counts the Packs that the watch told of, and the queue."""

    def count() -> Iterable[Gauge]:
        yield from _packs(cache)
        yield from _queue(queue)

    return count


def _packs(cache: Cache) -> Iterable[Gauge]:
    conditions: Counter[tuple[str, str]] = Counter()
    ready: dict[tuple[str, ...], float] = {}
    suspended: dict[tuple[str, ...], float] = {}
    for pack in cache.all():
        name = (pack.key.namespace, pack.key.name)
        conditions.update((each["type"], each["status"]) for each in pack.conditions)
        ready[(*name, pack.ready_reason or "Unknown")] = float(pack.is_ready)
        suspended[name] = float(pack.is_suspended)
    yield Gauge(
        "attune_packs",
        "Packs by condition.",
        {key: float(value) for key, value in conditions.items()},
        ("condition", "status"),
    )
    yield Gauge(
        "attune_pack_ready",
        "1 where a Pack's Ready condition is True, 0 elsewhere, with its reason.",
        ready,
        ("namespace", "name", "reason"),
    )
    yield Gauge(
        "attune_pack_suspended",
        "1 where spec.suspend is true.",
        suspended,
        ("namespace", "name"),
    )


def _queue(queue: WorkQueue) -> Iterable[Gauge]:
    depth = queue.depth()
    counts = {"ready": depth.ready, "waiting": depth.waiting, "running": depth.running}
    yield Gauge(
        "attune_queue_depth",
        "Packs that are due, that wait for their time, and that run.",
        {(state,): float(count) for state, count in counts.items()},
        ("state",),
    )
    yield Gauge(
        "attune_queue_oldest_seconds",
        "How long the Pack that is due first has been due.",
        {(): depth.oldest_seconds},
    )
