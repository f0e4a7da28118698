"""Counters and histograms, and the page that shows them. May import `pack` and `errors`."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from controller import __version__
from controller.errors import Reason
from controller.pack.outcome import Applied, Outcome
from controller.telemetry.census import Census

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Meters:
    """Everything that is counted in one process; safe to use from many threads."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self._registry = registry
        self._reconciles = Counter(
            "attune_reconciles",
            "Reconciles that have ended, by the reason of the Ready condition they led to.",
            ["result", "stage", "reason"],
            registry=registry,
        )
        self._seconds = Histogram(
            "attune_reconcile_duration_seconds",
            "How long reconciles took, from the look at Git to the commit.",
            ["result"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._rows = Counter(
            "attune_workflows_written",
            "Workflows that syncs wrote, by what was done.",
            ["action"],
            registry=registry,
        )
        self._deliveries = Counter(
            "attune_webhook_deliveries",
            "Deliveries of webhooks, by what became of them.",
            ["provider", "result"],
            registry=registry,
        )
        Info("attune_build", "The version that runs.", registry=registry).info(
            {"version": __version__}
        )

    def show(self, census: Census) -> None:
        """Also show what `census` says at each reading of the page."""
        self._registry.register(_Gauges(census))

    def reconciled(self, outcome: Outcome) -> None:
        """Count one reconcile."""
        failure = outcome.failure
        result = "failure" if failure else "success"
        stage = failure.stage.value if failure else ""
        reason = failure.error.reason if failure else Reason.SUCCEEDED
        self._reconciles.labels(result, stage, reason.value).inc()
        self._seconds.labels(result).observe(outcome.seconds)
        for action, count in _written(outcome.applied):
            self._rows.labels(action).inc(count)

    def delivered(self, provider: str, result: str) -> None:
        """Count one delivery of a webhook."""
        self._deliveries.labels(provider, result).inc()

    def page(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)


class _Gauges(Collector):
    """What is counted when the page is read, because it can go as well as come."""

    def __init__(self, census: Census) -> None:
        self._census = census

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for gauge in self._census():
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
            for values, value in gauge.samples.items():
                family.add_metric(values, value)
            yield family

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: the registry need not ask at start, when there is nothing to count yet."""
        return ()


def _written(applied: Applied | None) -> Iterable[tuple[str, int]]:
    if applied is None or not applied.wrote:
        return ()
    counts = {"created": applied.created, "updated": applied.updated, "pruned": applied.pruned}
    return ((action, count) for action, count in counts.items() if count)
