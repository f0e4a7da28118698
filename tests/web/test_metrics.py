"""The page of numbers, read as Prometheus reads it."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from controller import __version__
from controller.errors import Reason, Stage, Transient
from controller.pack.outcome import Applied, Failure, Outcome
from controller.telemetry import Gauge
from tests.web.running import Running, running

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def _read(server: Running) -> Samples:
    families = text_string_to_metric_families(server.get("/metrics").text)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def _of(samples: Samples, metric: str, /, **labels: str) -> float:
    return samples[metric, frozenset(labels.items())]


def test_reconciles_are_counted_by_result_and_reason() -> None:
    away = Failure(Stage.FETCHED, Transient(Reason.GIT_UNREACHABLE, "It is away."))
    applied = Applied("demo", "1.0.0", 2, 1, 3, 0, 0, (), wrote=True)
    with running() as server:
        server.meters.reconciled(Outcome("u", "r", failure=away, seconds=0.2))
        server.meters.reconciled(Outcome("u", "r", applied=applied, seconds=3.0))
        server.meters.reconciled(Outcome("u", "r", verified_unchanged=True, seconds=0.001))
        found = _read(server)
    failed = {"result": "failure", "stage": "Fetched", "reason": "GitUnreachable"}
    assert _of(found, "attune_reconciles_total", **failed) == 1
    worked = {"result": "success", "stage": "", "reason": "Succeeded"}
    assert _of(found, "attune_reconciles_total", **worked) == 2
    assert _of(found, "attune_workflows_written_total", action="created") == 2
    assert ("attune_workflows_written_total", frozenset({("action", "pruned")})) not in found
    seconds = "attune_reconcile_duration_seconds"
    assert _of(found, f"{seconds}_sum", result="success") == 3.001
    assert _of(found, f"{seconds}_bucket", result="success", le="0.005") == 1


def test_what_comes_and_goes_is_counted_at_each_reading() -> None:
    packs: dict[tuple[str, ...], float] = {("team-a", 'a "quoted" name'): 1.0}
    with running() as server:
        server.meters.show(lambda: [Gauge("attune_test", "A test.", packs, ("namespace", "name"))])
        assert _of(_read(server), "attune_test", namespace="team-a", name='a "quoted" name') == 1
        packs.clear()
        assert not [name for name, _ in _read(server) if name == "attune_test"]


def test_the_version_and_the_process_are_told() -> None:
    with running() as server:
        found = _read(server)
    assert _of(found, "attune_build_info", version=__version__) == 1
    assert _of(found, "process_resident_memory_bytes") > 0
