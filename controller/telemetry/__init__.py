"""What the controller counts and measures, for Prometheus. May import `pack` and `errors`.

prometheus_client lives here only. Rooms that have something to count take a `Meters`, or a
callable of it, and know nothing of the format.
"""

from controller.telemetry.census import Census, Gauge
from controller.telemetry.meters import Meters

__all__ = ["Census", "Gauge", "Meters"]
