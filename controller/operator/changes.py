"""Packs as they change, for one who looks on. Imports the room's cluster.

The controller itself watches with `watch`, which never gives up; this ends with an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import urllib3
from kubernetes import client, watch

from controller.operator.cluster import Cluster
from controller.operator.request import ApiRefused, ApiUnavailable, Body
from controller.pack.spec import GROUP, PLURAL, VERSION
from controller.redact import brief

# A line that is cut without a word is noticed this many seconds later at the latest.
_STREAM = 240


def changes(
    cluster: Cluster, namespace: str | None, *, selector: str = "", name: str = ""
) -> Iterator[tuple[str, Body]]:
    """What happened (ADDED, MODIFIED, DELETED) and the Pack, first for each that is there, without
    end; some are told twice with the same resourceVersion. Raises `ClusterError`."""
    api = client.CustomObjectsApi(client.ApiClient(cluster.access))
    where = (GROUP, VERSION, namespace, PLURAL) if namespace else (GROUP, VERSION, PLURAL)
    ask = api.list_namespaced_custom_object if namespace else api.list_cluster_custom_object
    query = {
        "label_selector": selector,
        "field_selector": f"metadata.name={name}" if name else "",
        "timeout_seconds": _STREAM,
        "_request_timeout": (5, _STREAM + 10),
    }
    while True:
        try:
            for one in watch.Watch().stream(ask, *where, **query):
                yield one["type"], one["object"]
        except client.ApiException as error:
            if error.status != HTTPStatus.GONE:
                said = brief(f"The API server refused the watch: {error.status} {error.reason}.")
                raise ApiRefused(said) from None
        except urllib3.exceptions.HTTPError as error:
            said = f"The API server no longer answers: {type(error).__name__}."
            raise ApiUnavailable(said) from None


def names(access: client.Configuration, namespace: str, seconds: float) -> list[str]:
    """The names of a namespace's Packs, asked for once and for `seconds` at most."""
    with client.ApiClient(access) as api:
        found: Any = client.CustomObjectsApi(api).list_namespaced_custom_object(
            GROUP, VERSION, namespace, PLURAL, _request_timeout=seconds
        )
    return sorted(one["metadata"]["name"] for one in found["items"])
