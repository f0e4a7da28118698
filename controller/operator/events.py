"""Events of a Pack, as `kubectl describe` lists them. Imports the cluster and the status's events.

An event tells of something that the status says as well, so one that cannot be posted is only
logged and never fails a reconcile.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import structlog

from controller.operator.cluster import Cluster
from controller.operator.request import Body, ClusterError
from controller.redact import brief
from controller.status import Event

_COMPONENT = "attune-pack-controller"
# An object's name ends at 253 characters (RFC 1123 subdomain); a dot and 12 digits follow ours.
_NAME_LENGTH = 253 - 13

_log = structlog.get_logger(__name__)


def event_body(pack: Body, event: Event, at: datetime, unique: str) -> Body:
    """The core/v1 Event that says `event` about `pack`, named by the `unique` 12 digits."""
    about = pack["metadata"]
    time = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {
            "name": f"{about['name'][:_NAME_LENGTH]}.{unique}",
            "namespace": about["namespace"],
        },
        "involvedObject": {
            "apiVersion": pack["apiVersion"],
            "kind": pack["kind"],
            **{key: about[key] for key in ("namespace", "name", "uid", "resourceVersion")},
        },
        "type": event.type.value,
        "reason": event.reason,
        "message": brief(event.message),
        "firstTimestamp": time,
        "lastTimestamp": time,
        "count": 1,
        "source": {"component": _COMPONENT},
        "reportingComponent": _COMPONENT,
    }


def post_event(cluster: Cluster, pack: Body, event: Event) -> None:
    """Say `event` about `pack`, whose whole JSON is needed, or log why it could not be said."""
    body = event_body(pack, event, datetime.now(UTC), uuid.uuid4().hex[:12])
    try:
        cluster.create_event(body)
    except ClusterError as error:
        _log.warning("event not posted", reason=event.reason, error=str(error))
