"""A reconcile as a span with a child for each step, sent by OTLP over HTTP. Imports OpenTelemetry.

The spans are made when a reconcile has ended, from the times that it kept. What the environment
says of exporter, sampler, batches and resource is read by OpenTelemetry itself. The names of
attributes are those of its semantic conventions, where these have one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode, set_span_in_context
from structlog.contextvars import get_contextvars

from controller import __version__
from controller.pack.identity import PackKey
from controller.pack.outcome import Failure, Outcome
from controller.redact import brief
from controller.telemetry.sending import Sending

_NAME = "attune-pack-controller"
_NANOSECONDS = 1e9
_PATIENCE = 3.0


class Spans:
    """Sends spans from a thread of its own; `close` sends the last ones."""

    def __init__(self) -> None:
        ours = Resource({"service.name": _NAME, "service.version": __version__})
        resource = Resource.create().merge(ours).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(Sending(OTLPSpanExporter())))
        self._tracer = self._provider.get_tracer(_NAME, __version__)

    def reconciled(self, key: PackKey, outcome: Outcome) -> None:
        """Tell of one reconcile that has just ended."""
        shift = time.time() - time.monotonic()
        now = time.monotonic()
        steps = outcome.steps
        begun = min(steps[0].begun, now - outcome.seconds) if steps else now - outcome.seconds
        span = self._tracer.start_span(
            "reconcile",
            Context(),
            attributes=_attributes(key, outcome),
            start_time=_nanoseconds(begun + shift),
        )
        inside = set_span_in_context(span, Context())
        for step in steps:
            child = self._tracer.start_span(
                step.name, inside, start_time=_nanoseconds(step.begun + shift)
            )
            if outcome.failure and step is steps[-1]:
                child.set_status(_failed(outcome.failure))
            child.end(_nanoseconds(step.begun + step.seconds + shift))
        if outcome.failure:
            span.set_status(_failed(outcome.failure))
        span.end(_nanoseconds(now + shift))

    def close(self) -> None:
        """Send what is left; a collector that does not answer is not waited for."""
        closing = threading.Thread(target=self._provider.shutdown, name="traces", daemon=True)
        closing.start()
        closing.join(_PATIENCE)


def _nanoseconds(seconds: float) -> int:
    return int(seconds * _NANOSECONDS)


def _failed(failure: Failure) -> Status:
    return Status(StatusCode.ERROR, brief(str(failure.error)))


def _attributes(key: PackKey, outcome: Outcome) -> Mapping[str, str | int]:
    failure, applied = outcome.failure, outcome.applied
    found: dict[str, str | int | None] = {
        "k8s.namespace.name": key.namespace,
        "attune.pack.name": key.name,
        "attune.reconcile.id": get_contextvars().get("reconcile_id"),
        "attune.pack.revision": str(outcome.revision) if outcome.revision else None,
        "vcs.repository.url.full": outcome.source_url,
        "vcs.ref.head.revision": outcome.revision.commit if outcome.revision else None,
        "error.type": failure.error.reason.value if failure else None,
        "attune.stage": failure.stage.value if failure else None,
    }
    if applied is not None:
        found |= {
            "attune.pack.ref": applied.pack_ref,
            "attune.workflows.created": applied.created,
            "attune.workflows.updated": applied.updated,
            "attune.workflows.pruned": applied.pruned,
            "attune.workflows.unchanged": applied.unchanged,
        }
    return {name: value for name, value in found.items() if value is not None}
