"""What the controller counts and measures, for Prometheus and OpenTelemetry.

May import `config`, `pack`, `errors` and `redact`.

prometheus_client and opentelemetry live here only. Rooms that have something to count take a
`Meters`, or a callable of it, and know nothing of the format.
"""

from controller.telemetry.census import Census, Gauge
from controller.telemetry.meters import Meters
from controller.telemetry.traces import Trace, traces

__all__ = ["Census", "Gauge", "Meters", "Trace", "traces"]
