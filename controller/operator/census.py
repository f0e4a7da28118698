"""How many Packs there are in which state, and how full the queue is: what `/metrics` shows.

Imports the cache, the queue, the resource, `source`'s values and `telemetry`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from controller.errors import Reason
from controller.operator.cache import Cache
from controller.operator.queue import WorkQueue
from controller.operator.successes import Successes
from controller.source.shelf import Taken
from controller.telemetry import Census, Gauge

_HELD = {Reason.PENDING_APPROVAL: "approval", Reason.ROLLED_BACK: "rollback"}


def census(
    cache: Cache, queue: WorkQueue, taken: Callable[[], Taken], successes: Successes
) -> Census:
    """Counts the Packs that the watch told of, the queue, and what the mirrors have `taken`."""

    def count() -> Iterable[Gauge]:
        yield from _packs(cache)
        yield from _ages(cache, successes)
        yield from _queue(queue)
        yield from _mirrors(taken())

    return count


def _packs(cache: Cache) -> Iterable[Gauge]:
    conditions: Counter[tuple[str, str]] = Counter()
    held: Counter[str] = Counter(dict.fromkeys(_HELD.values(), 0))
    ready: dict[tuple[str, ...], float] = {}
    suspended: dict[tuple[str, ...], float] = {}
    for pack in cache.all():
        name = (pack.key.namespace, pack.key.name)
        conditions.update((each["type"], each["status"]) for each in pack.conditions)
        ready[(*name, pack.ready_reason or "Unknown")] = float(pack.is_ready)
        suspended[name] = float(pack.is_suspended)
        if pack.ready_reason in _HELD:
            held[_HELD[Reason(pack.ready_reason)]] += 1
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
    yield Gauge(
        "attune_packs_held",
        "Packs that are not at Git's revision on purpose: they wait for approval, or were rolled "
        "back.",
        {(by,): float(count) for by, count in held.items()},
        ("by",),
    )


def _ages(cache: Cache, successes: Successes) -> Iterable[Gauge]:
    packs = {pack.key: pack for pack in cache.all()}
    at = successes.of(packs)
    yield Gauge(
        "attune_pack_last_success_timestamp_seconds",
        "When a Pack was last found or made as Git says, since this controller works.",
        {(key.namespace, key.name): when for key, when in at.items()},
        ("namespace", "name"),
    )
    yield Gauge(
        "attune_pack_workflows",
        "Workflows of a Pack in the database.",
        {(key.namespace, key.name): pack.workflow_count for key, pack in packs.items()},
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


def _mirrors(taken: Taken) -> Iterable[Gauge]:
    yield Gauge("attune_git_mirrors", "Git mirrors in the cache.", {(): float(taken.count)})
    yield Gauge(
        "attune_git_mirrors_size_bytes",
        "What the Git mirrors take, as they were measured last.",
        {(): float(taken.size)},
    )
