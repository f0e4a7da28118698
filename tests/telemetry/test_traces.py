"""Reconciles as traces, as a collector gets them."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from controller import __version__
from controller.config import OpenTelemetry
from controller.errors import Reason, Stage, Transient
from controller.pack.identity import PackKey
from controller.pack.outcome import Applied, Failure, Outcome, StepTime
from controller.pack.tree import Revision
from controller.telemetry import traces
from tests.e2e.waiting import eventually
from tests.telemetry.collector import Collector, collecting

_KEY = PackKey("team-a", "payments")
_APPLIED = Applied("payments", "1.0.0", 2, 1, 3, 0, 0, (), wrote=True)
_REVISION = Revision("main", "a" * 40)


def _outcome(failure: Failure | None = None) -> Outcome:
    now = time.monotonic()
    steps = (StepTime("fetch", now - 0.5, 0.3), StepTime("apply", now - 0.2, 0.1))
    return Outcome(
        "https://git.example.com/p.git",
        "main",
        revision=_REVISION,
        applied=None if failure else _APPLIED,
        failure=failure,
        seconds=0.5,
        steps=steps,
    )


def _send(monkeypatch: pytest.MonkeyPatch, collector: Collector, *outcomes: Outcome) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    with traces(OpenTelemetry()) as trace, bound_contextvars(reconcile_id="1f0c9a3e"):
        for outcome in outcomes:
            trace(_KEY, outcome)


def test_a_reconcile_is_a_span_with_a_child_for_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        _send(monkeypatch, collector, _outcome(), _outcome())
    first, second = collector.named("reconcile")
    assert first.trace != second.trace
    assert first.parent == b""
    steps = [one for one in collector.spans if one.trace == first.trace and one.parent]
    assert [(one.name, one.parent) for one in steps] == [("fetch", first.id), ("apply", first.id)]
    assert first.begun <= steps[0].begun < steps[0].ended <= steps[1].begun < first.ended
    assert 0.29e9 < steps[0].ended - steps[0].begun < 0.31e9
    assert first.attributes == {
        "k8s.namespace.name": "team-a",
        "attune.pack.name": "payments",
        "attune.pack.ref": "payments",
        "attune.reconcile.id": "1f0c9a3e",
        "attune.pack.revision": str(_REVISION),
        "vcs.repository.url.full": "https://git.example.com/p.git",
        "vcs.ref.head.revision": "a" * 40,
        "attune.workflows.created": 2,
        "attune.workflows.updated": 1,
        "attune.workflows.pruned": 0,
        "attune.workflows.unchanged": 3,
    }
    assert not first.is_error


def test_a_failure_is_one_of_the_step_and_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "It refused https://robot:hunter2@db.example.com."
    failure = Failure(Stage.SYNCED, Transient(Reason.DATABASE_UNAVAILABLE, words))
    with collecting() as collector:
        _send(monkeypatch, collector, _outcome(failure))
    spans = {one.name: one for one in collector.spans}
    assert [name for name, one in spans.items() if one.is_error] == ["apply", "reconcile"]
    assert spans["apply"].message == "It refused https://***@db.example.com."
    assert spans["reconcile"].attributes["error.type"] == "DatabaseUnavailable"
    assert spans["reconcile"].attributes["attune.stage"] == "Synced"


def test_the_environment_says_who_sends_and_with_what(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        _send(monkeypatch, collector, _outcome())
        monkeypatch.setenv("OTEL_SERVICE_NAME", "packs")
        monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-team=a")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
        _send(monkeypatch, collector, _outcome())
    first, second = collector.named("reconcile")
    assert first.resource["service.name"] == "attune-pack-controller"
    assert first.resource["service.version"] == __version__
    assert second.resource["service.name"] == "packs"
    assert second.resource["deployment.environment.name"] == "test"
    assert [one.get("x-team") for one in collector.headers] == [None, "a"]


def test_a_sampler_of_the_environment_leaves_out_whole_traces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    with collecting() as collector:
        _send(monkeypatch, collector, _outcome())
    assert collector.spans == []


@pytest.mark.parametrize(
    "more",
    [{"OTEL_SDK_DISABLED": "TRUE"}, {"OTEL_TRACES_EXPORTER": "none"}],
    ids=lambda more: next(iter(more)),
)
def test_traces_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, more: dict[str, str]) -> None:
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    with collecting() as collector, capture_logs() as lines:
        _send(monkeypatch, collector, _outcome())
    assert collector.spans == []
    assert lines == []


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "'zipkin'"),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "'grpc'"),
    ],
)
def test_what_cannot_be_sent_is_said_and_no_reason_not_to_work(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, str], word: str
) -> None:
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    with collecting() as collector, capture_logs() as lines:
        _send(monkeypatch, collector, _outcome())
    assert collector.spans == []
    (line,) = lines
    assert line["event"] == "no traces"
    assert word in line["why"]


def test_a_collector_that_hangs_holds_up_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        collector.open.clear()
        _send(monkeypatch, collector, _outcome())
        assert collector.spans == []


def test_a_collector_that_takes_nothing_is_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1")
    with collecting() as collector, capture_logs() as lines:
        collector.is_refusing = True
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        with traces(OpenTelemetry()) as trace:
            for _ in range(3):
                trace(_KEY, _outcome())
            eventually(lambda: "traces are lost" in [line["event"] for line in lines], str)
            collector.is_refusing = False
            trace(_KEY, _outcome())
            eventually(lambda: "traces are sent again" in [line["event"] for line in lines], str)
    assert [line["event"] for line in lines] == [
        "traces are sent",
        "traces are lost",
        "traces are sent again",
    ]
    assert "400" in lines[1]["why"]


def test_nobody_pays_for_traces_who_has_not_asked() -> None:
    code = (
        "import sys, controller.app\n"
        "from controller.config import OpenTelemetry\n"
        "with controller.app.traces(OpenTelemetry()): pass\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry.sdk')]\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry.exporter')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={})
