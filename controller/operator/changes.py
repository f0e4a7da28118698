"""Packs and their events as they change, for one who looks on. Imports the room's cluster.

The controller itself watches with `watch`, which never gives up; this ends with an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import urllib3
from kubernetes import client, watch

from controller.operator.cluster import Cluster
from controller.operator.request import ApiRefused, ApiUnavailable, Body
from controller.pack.identity import PackKey
from controller.pack.spec import GROUP, KIND, PLURAL, VERSION
from controller.redact import brief

# A line that is cut without a word is noticed this many seconds later at the latest.
_STREAM = 240
_TIMES = {"timeout_seconds": _STREAM, "_request_timeout": (5, _STREAM + 10)}


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
        **_TIMES,
    }
    return _streamed(ask, where, query)


def happenings(cluster: Cluster, key: PackKey) -> Iterator[Body]:
    """The events about a Pack, those that are there and each new one, without end; some are told
    twice with the same resourceVersion. Raises `ClusterError`."""
    api = client.CoreV1Api(client.ApiClient(cluster.access))
    about = f"involvedObject.kind={KIND},involvedObject.name={key.name}"
    query = {"field_selector": about, **_TIMES}
    for happened, event in _streamed(api.list_namespaced_event, (key.namespace,), query):
        if happened != "DELETED":
            yield event


def names(access: client.Configuration, namespace: str, seconds: float) -> list[str]:
    """The names of a namespace's Packs, asked for once and for `seconds` at most."""
    with client.ApiClient(access) as api:
        found: Any = client.CustomObjectsApi(api).list_namespaced_custom_object(
            GROUP, VERSION, namespace, PLURAL, _request_timeout=seconds
        )
    return sorted(one["metadata"]["name"] for one in found["items"])


def _streamed(
    ask: Callable[..., Any], where: Sequence[str], query: Mapping[str, Any]
) -> Iterator[tuple[str, Body]]:
    while True:
        try:
            for one in watch.Watch().stream(ask, *where, **query):
                yield one["type"], one["raw_object"]
        except client.ApiException as error:
            if error.status != HTTPStatus.GONE:
                said = brief(f"The API server refused the watch: {error.status} {error.reason}.")
                raise ApiRefused(said) from None
        except urllib3.exceptions.HTTPError as error:
            said = f"The API server no longer answers: {type(error).__name__}."
            raise ApiUnavailable(said) from None
