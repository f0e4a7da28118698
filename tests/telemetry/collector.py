"""A collector of traces on loopback, which speaks OTLP over HTTP as the specification has it."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

Attributes = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Span:
    """What was said of one span; times in nanoseconds."""

    name: str
    trace: bytes
    id: bytes
    parent: bytes
    begun: int
    ended: int
    is_error: bool
    message: str
    attributes: Attributes
    resource: Attributes


@dataclass
class Collector:
    """Remembers what came to `url`; answers wait while `open` is not set, and say no while it
    `is_refusing`."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    is_refusing: bool = False

    def take(self, request: ExportTraceServiceRequest) -> None:
        """Remember all spans of it."""
        for of_resource in request.resource_spans:
            resource = _attributes(of_resource.resource.attributes)
            for scope in of_resource.scope_spans:
                self.spans.extend(_span(one, resource) for one in scope.spans)

    def named(self, name: str) -> list[Span]:
        """The spans of a name."""
        return [one for one in self.spans if one.name == name]


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that answers at once."""
    collector = Collector()
    collector.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            assert self.headers["Content-Type"] == "application/x-protobuf"
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            collector.open.wait(30)
            if collector.is_refusing:
                self.send_error(400)
                return
            collector.headers.append({name.lower(): value for name, value in self.headers.items()})
            collector.take(ExportTraceServiceRequest.FromString(body))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield collector
        finally:
            collector.open.set()
            server.shutdown()
            thread.join()


def _span(span: Any, resource: Attributes) -> Span:
    return Span(
        span.name,
        span.trace_id,
        span.span_id,
        span.parent_span_id,
        span.start_time_unix_nano,
        span.end_time_unix_nano,
        span.status.code == span.status.STATUS_CODE_ERROR,
        span.status.message,
        _attributes(span.attributes),
        resource,
    )


def _attributes(pairs: Any) -> Attributes:
    return {pair.key: pair.value.string_value or pair.value.int_value for pair in pairs}
