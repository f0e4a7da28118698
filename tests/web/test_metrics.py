"""The page of numbers, read as Prometheus reads it."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from controller import __version__
from controller.errors import Reason, Stage, Transient
from controller.pack.drift import Drift
from controller.pack.outcome import Applied, Failure, Outcome, Restored, StepTime
from controller.pack.rollback import Rollback
from controller.pack.spec import Until
from controller.pack.tree import Revision
from controller.telemetry import Gauge
from controller.telemetry.meters import MAX_HOSTS
from controller.telemetry.names import OTHERS
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


def test_the_first_internal_error_is_a_growth() -> None:
    with running() as server:
        before = _read(server)
        error = Transient(Reason.INTERNAL_ERROR, "It broke.")
        server.meters.reconciled(Outcome("u", "r", failure=Failure(Stage.VALIDATED, error)))
        after = _read(server)
    broken = {"result": "failure", "stage": "Validated", "reason": "InternalError"}
    counts = [_of(one, "attune_reconciles_total", **broken) for one in (before, after)]
    assert counts == [0, 1]


def test_the_steps_of_a_reconcile_are_timed_by_name() -> None:
    steps = (StepTime("fetch", 1.0, 0.25), StepTime("apply", 2.0, 0.002))
    with running() as server:
        server.meters.reconciled(Outcome("u", "r", steps=steps))
        found = _read(server)
    seconds = "attune_reconcile_step_duration_seconds"
    assert _of(found, f"{seconds}_sum", step="fetch") == 0.25
    assert _of(found, f"{seconds}_bucket", step="apply", le="0.01") == 1
    assert _of(found, f"{seconds}_bucket", step="fetch", le="0.1") == 0


def test_rows_that_others_changed_are_counted() -> None:
    with running() as server:
        server.meters.reconciled(Outcome("u", "r", drift=Drift(total=3, corrected=2)))
        server.meters.reconciled(Outcome("u", "r"))
        found = _read(server)
    assert _of(found, "attune_drift_rows_found_total") == 3
    assert _of(found, "attune_drift_rows_corrected_total") == 2


def test_a_rollback_is_counted_when_it_writes() -> None:
    written = Applied("demo", "1.0.0", 0, 1, 0, 0, 0, (), wrote=True)
    back = Restored(Revision("main", "a" * 40), None, Rollback(1, Until.NEXT_COMMIT))
    with running() as server:
        server.meters.reconciled(Outcome("u", "r", restored=back))
        server.meters.reconciled(Outcome("u", "r", restored=back, applied=written))
        assert _of(_read(server), "attune_rollbacks_total") == 1


def test_hosts_are_counted_by_name_as_long_as_they_are_few() -> None:
    with running() as server:
        for number in range(MAX_HOSTS + 2):
            server.meters.asked(f"git{number}.example.com", "look", Reason.GIT_TIMEOUT, 1.5, 7)
        server.meters.asked("git0.example.com", "fetch", Reason.SUCCEEDED, 0.5, 1000)
        found = _read(server)
    late = {"operation": "look", "reason": "GitTimeout"}
    assert _of(found, "attune_git_requests_total", host="git0.example.com", **late) == 1
    assert _of(found, "attune_git_requests_total", host=OTHERS, **late) == 2
    received = "attune_git_received_bytes_total"
    assert _of(found, received, host="git0.example.com", operation="fetch") == 1000
    assert _of(found, received, host=OTHERS, operation="look") == 14
    hosts = {dict(labels)["host"] for name, labels in found if name == received}
    assert len(hosts) == MAX_HOSTS + 1


def test_the_database_is_counted_by_statement_and_by_the_end_of_transactions() -> None:
    with running() as server:
        for name in ("read_recorded", "commit", "read_recorded", "rollback"):
            server.meters.stated(name)
        server.meters.tried_again("40001")
        server.meters.tried_again("")
        found = _read(server)
    assert _of(found, "attune_database_statements_total", statement="read_recorded") == 2
    assert _of(found, "attune_database_transactions_total", end="commit") == 1
    assert _of(found, "attune_database_transactions_total", end="rollback") == 1
    assert ("attune_database_statements_total", frozenset({("statement", "commit")})) not in found
    assert _of(found, "attune_database_retries_total", sqlstate="40001") == 1
    assert _of(found, "attune_database_retries_total", sqlstate="") == 1


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
