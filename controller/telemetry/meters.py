"""Counters and histograms, and the page that shows them. May import `pack` and `errors`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from controller import __version__
from controller.errors import Reason, Stage
from controller.pack.outcome import Applied, Outcome
from controller.telemetry.census import Census
from controller.telemetry.names import BoundedNames

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_STEP_SECONDS = (0.001, 0.01, 0.1, 0.5, 1, 5, 30, 300)
_ENDS = frozenset({"commit", "rollback"})
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

MAX_HOSTS = 100
"""Git hosts with numbers of their own: whoever may create a Pack can name any number of them."""


# A series for each of ours that says since when it counts, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Meters:
    """Everything that is counted in one process; safe to use from many threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._hosts = BoundedNames(MAX_HOSTS)
        self._add_reconciles()
        self._add_git()
        self._add_database()
        self._notified = self._counter(
            "attune_notifications",
            "Tries to tell others what became of a revision, by what became of them.",
            "result",
        )
        self._deliveries = self._counter(
            "attune_webhook_deliveries",
            "Deliveries of webhooks, by what became of them.",
            "provider",
            "result",
        )
        Info("attune_build", "The version that runs.", registry=self._registry).info(
            {"version": __version__}
        )
        self._working = Gauge(
            "attune_working",
            "1 while Packs are worked on, 0 while the Lease is waited for.",
            registry=self._registry,
        )

    def show(self, census: Census) -> None:
        """Also show what `census` says at each reading of the page."""
        self._registry.register(_Gauges(census))

    def works(self, tell: Callable[[], bool]) -> None:
        """Ask `tell` at each reading of the page whether Packs are worked on."""
        self._working.set_function(lambda: float(tell()))

    def reconciled(self, outcome: Outcome) -> None:
        """Count one reconcile."""
        failure = outcome.failure
        result = "failure" if failure else "success"
        stage = failure.stage.value if failure else ""
        reason = failure.error.reason if failure else Reason.SUCCEEDED
        self._reconciles.labels(result, stage, reason.value).inc()
        self._seconds.labels(result).observe(outcome.seconds)
        for step in outcome.steps:
            self._steps.labels(step.name).observe(step.seconds)
        for action, count in _written(outcome.applied):
            self._rows.labels(action).inc(count)
        self._count_past(outcome)

    def notified(self, result: str) -> None:
        """Count one try to tell others."""
        self._notified.labels(result).inc()

    def delivered(self, provider: str, result: str) -> None:
        """Count one delivery of a webhook."""
        self._deliveries.labels(provider, result).inc()

    def asked(self, host: str, operation: str, reason: Reason, seconds: float, size: int) -> None:
        """Count one look or fetch (`operation`) at a Git host that brought `size` bytes."""
        name = self._hosts.of(host)
        self._requests.labels(name, operation, reason.value).inc()
        self._received.labels(name, operation).inc(size)
        self._request_seconds.labels(operation).observe(seconds)

    def evicted(self) -> None:
        """Count one mirror that made room for others."""
        self._evictions.inc()

    def stated(self, statement: str) -> None:
        """Count one statement, or the end of a transaction, by its name."""
        if statement in _ENDS:
            self._transactions.labels(statement).inc()
        else:
            self._statements.labels(statement).inc()

    def tried_again(self, sqlstate: str) -> None:
        """Count one transaction that is tried again."""
        self._retries.labels(sqlstate).inc()

    def page(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)

    def _count_past(self, outcome: Outcome) -> None:
        """What others did to rows, and what a rollback brought back."""
        if outcome.drift is not None:
            self._drifted.inc(outcome.drift.total)
            self._corrected.inc(outcome.drift.corrected)
        if outcome.restored is not None and outcome.applied and outcome.applied.wrote:
            self._rollbacks.inc()

    def _add_reconciles(self) -> None:
        self._reconciles = self._counter(
            "attune_reconciles",
            "Reconciles that have ended, by the reason of the Ready condition they led to.",
            "result",
            "stage",
            "reason",
        )
        for stage in Stage:
            # What begins at one has not grown in Prometheus' eyes, and the first one is an alert.
            self._reconciles.labels("failure", stage.value, Reason.INTERNAL_ERROR.value)
        self._seconds = self._histogram(
            "attune_reconcile_duration_seconds",
            "How long reconciles took, from the look at Git to the commit.",
            "result",
            buckets=_SECONDS,
        )
        self._steps = self._histogram(
            "attune_reconcile_step_duration_seconds",
            "How long each step of a reconcile took, also one that failed.",
            "step",
            buckets=_STEP_SECONDS,
        )
        self._rows = self._counter(
            "attune_workflows_written", "Workflows that syncs wrote, by what was done.", "action"
        )
        self._drifted = self._counter(
            "attune_drift_rows_found", "Rows that others had changed, as syncs found them."
        )
        self._corrected = self._counter(
            "attune_drift_rows_corrected", "Rows of those that were made what Git says again."
        )
        self._rollbacks = self._counter(
            "attune_rollbacks", "Times that a recorded revision was written in place of Git's."
        )

    def _add_git(self) -> None:
        self._requests = self._counter(
            "attune_git_requests",
            "Looks and fetches at Git hosts, by the reason that they failed for, or Succeeded.",
            "host",
            "operation",
            "reason",
        )
        self._received = self._counter(
            "attune_git_received_bytes",
            "Bytes that looks and fetches brought.",
            "host",
            "operation",
        )
        self._request_seconds = self._histogram(
            "attune_git_request_duration_seconds",
            "How long looks and fetches took, with the wait for the host's turn.",
            "operation",
            buckets=_SECONDS,
        )
        self._evictions = self._counter(
            "attune_git_mirror_evictions", "Git mirrors that had to make room for others."
        )

    def _add_database(self) -> None:
        self._statements = self._counter(
            "attune_database_statements", "Statements that were sent, by name.", "statement"
        )
        self._transactions = self._counter(
            "attune_database_transactions", "Transactions, by how they were to end.", "end"
        )
        self._retries = self._counter(
            "attune_database_retries",
            "Transactions tried again, by SQLSTATE; empty where the connection was lost.",
            "sqlstate",
        )

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(name, words, labels, registry=self._registry)

    def _histogram(
        self, name: str, words: str, *labels: str, buckets: tuple[float, ...]
    ) -> Histogram:
        return Histogram(name, words, labels, buckets=buckets, registry=self._registry)


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
