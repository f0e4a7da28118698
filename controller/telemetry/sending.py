"""An exporter of spans that says once when it fails, and once when it works again.

OpenTelemetry's own says so at each try. Imports OpenTelemetry and `redact`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from controller.redact import brief

_log = structlog.get_logger(__name__)


class _LastWords(logging.Handler):
    """Keeps what OpenTelemetry would log, for the one line that says why."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Remember what is more than that it failed, which comes last."""
        if record.levelno < logging.ERROR or not self.text:
            self.text = record.getMessage()


class Sending(SpanExporter):
    """Passes spans on to `inner`; called by one thread at a time."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner
        self._fails = False
        self._words = _LastWords()
        library = logging.getLogger("opentelemetry")
        library.handlers = [self._words]
        library.propagate = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send them; what fails is lost."""
        result = self._inner.export(spans)
        failed = result is not SpanExportResult.SUCCESS
        if failed and not self._fails:
            _log.warning("traces are lost", why=brief(self._words.text))
        elif self._fails and not failed:
            _log.info("traces are sent again")
        self._fails = failed
        self._words.text = ""
        return result

    def shutdown(self) -> None:
        """Send no more, and end a wait for another try."""
        self._inner.shutdown()
