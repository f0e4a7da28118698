"""What the controller asks of Kubernetes, and nothing else; each method names its permission.

Objects are plain JSON. Every method raises `ClusterError` (see `request`). Imports the room's
requests, the key and the resource's names.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from kubernetes import client

from controller.operator.request import MERGE_PATCH, ApiRefused, Body, Requests
from controller.pack.identity import PackKey
from controller.pack.spec import GROUP, KIND, PLURAL, VERSION

_PACKS = f"/apis/{GROUP}/{VERSION}"
_LEASES = "/apis/coordination.k8s.io/v1"
_WHO = "/apis/authentication.k8s.io/v1"
_PAGE = 500
_NO_CRD = (
    f"The API server knows no {PLURAL}.{GROUP}. Install the CustomResourceDefinition first: "
    "kubectl apply -f crds/."
)

# A lease must be renewed or given up within seconds: one try, and the election tries again.
_LEASE_TIMEOUT = (2.0, 3.0)


class Cluster:
    """One API server. Safe to use from many threads; `connections` of them at once stay open."""

    def __init__(self, access: client.Configuration, *, connections: int = 20) -> None:
        self.access = access
        self._requests = Requests(access, connections=connections)

    def close(self) -> None:
        """Close the idle connections."""
        self._requests.close()

    def serves_packs(self) -> bool:
        """Whether the resource definition of Packs is installed and served. Needs no permission."""
        groups = self._requests.send("GET", "/apis") or {}
        if GROUP not in {group["name"] for group in groups.get("groups", ())}:
            return False
        served = self._requests.send("GET", _PACKS) or {}
        return PLURAL in {resource["name"] for resource in served.get("resources", ())}

    def check(self) -> None:
        """Raise `ClusterError` unless the API server answers and serves Packs."""
        if not self.serves_packs():
            raise ApiRefused(_NO_CRD)

    def uid(self) -> str | None:
        """What tells this cluster from others. Permission: get namespaces, of kube-system."""
        found = self._requests.send("GET", "/api/v1/namespaces/kube-system")
        return str(found["metadata"]["uid"]) if found else None

    def get_pack(self, key: PackKey) -> Body | None:
        """A Pack; None when there is none. Permission: get packs."""
        return self._requests.send("GET", _pack(key))

    def list_packs(self, namespace: str | None = None, *, selector: str = "") -> Iterator[Body]:
        """All Packs, of all namespaces or one, in pages; with `selector`, those of these labels.

        Permission: list packs.
        """
        path = _namespaced(_PACKS, namespace, PLURAL) if namespace else f"{_PACKS}/{PLURAL}"
        query = {"limit": str(_PAGE), **({"labelSelector": selector} if selector else {})}
        while True:
            page = self._requests.send("GET", path, query=query)
            if page is None:
                raise ApiRefused(_NO_CRD)
            yield from page["items"]
            rest = page["metadata"].get("continue")
            if not rest:
                return
            query["continue"] = rest

    def patch_status(self, key: PackKey, status: Body) -> Body | None:
        """Merge `status` into the Pack's; a None removes its key, a list is replaced whole.

        The Pack as it is now; None when it is gone. Permission: patch packs/status.
        """
        path = f"{_pack(key)}/status"
        return self._requests.send("PATCH", path, {"status": status}, content_type=MERGE_PATCH)

    def user(self) -> str:
        """Who the API server takes us for, empty where it is too old to say. Every user may ask."""
        review = {"apiVersion": _WHO.removeprefix("/apis/"), "kind": "SelfSubjectReview"}
        try:
            found = self._requests.send("POST", f"{_WHO}/selfsubjectreviews", review) or {}
        except ApiRefused:
            return ""
        return str(found.get("status", {}).get("userInfo", {}).get("username", ""))

    def patch_pack(self, key: PackKey, patch: Body) -> Body | None:
        """Merge `patch` into the Pack, for the command line.

        The Pack as it is now; None when it is gone. Permission: patch packs.
        """
        return self._requests.send("PATCH", _pack(key), patch, content_type=MERGE_PATCH)

    def set_finalizers(
        self, key: PackKey, finalizers: Sequence[str], resource_version: str
    ) -> Body | None:
        """Replace the finalizers of the Pack, if it is still of `resource_version`.

        The Pack as it is now; None when it is gone. Permission: patch packs.
        """
        metadata = {"finalizers": list(finalizers), "resourceVersion": resource_version}
        return self._requests.send(
            "PATCH", _pack(key), {"metadata": metadata}, content_type=MERGE_PATCH
        )

    def read_secret(self, namespace: str, name: str) -> dict[str, bytes] | None:
        """The decoded values of a Secret; None when there is none. Permission: get secrets."""
        secret = self._requests.send("GET", _namespaced("/api/v1", namespace, "secrets", name))
        if secret is None:
            return None
        data = secret.get("data") or {}
        return {key: base64.b64decode(value) for key, value in data.items()}

    def list_events(self, key: PackKey) -> list[Body]:
        """The events about a Pack, oldest first. Permission: list events."""
        fields = f"involvedObject.kind={KIND},involvedObject.name={key.name}"
        path = _namespaced("/api/v1", key.namespace, "events")
        found = self._requests.send("GET", path, query={"fieldSelector": fields}) or {}
        items: list[Body] = found.get("items") or []
        return sorted(items, key=lambda one: int(one["metadata"]["resourceVersion"]))

    def create_event(self, event: Body) -> None:
        """Post a core/v1 Event into its own namespace. Permission: create events."""
        namespace = event["metadata"]["namespace"]
        self._requests.send("POST", _namespaced("/api/v1", namespace, "events"), event, attempts=2)

    def review(self, group: str, kind: str, spec: Body) -> Body:
        """The status of a review of `group`.k8s.io/v1, which is answered and not kept.

        Permission: create it.
        """
        version = f"{group}.k8s.io/v1"
        body = {"apiVersion": version, "kind": kind, "spec": spec}
        found = self._requests.send("POST", f"/apis/{version}/{kind.lower()}s", body) or {}
        return found.get("status") or {}

    def get_lease(self, namespace: str, name: str) -> Body | None:
        """A Lease; None when there is none. Permission: get leases."""
        return self._lease("GET", _namespaced(_LEASES, namespace, "leases", name))

    def create_lease(self, lease: Body) -> Body | None:
        """Create a Lease; `Conflict` when it exists. Permission: create leases."""
        namespace = lease["metadata"]["namespace"]
        return self._lease("POST", _namespaced(_LEASES, namespace, "leases"), lease)

    def replace_lease(self, lease: Body) -> Body | None:
        """Replace a Lease; `Conflict` when it changed meanwhile. Permission: update leases."""
        metadata = lease["metadata"]
        path = _namespaced(_LEASES, metadata["namespace"], "leases", metadata["name"])
        return self._lease("PUT", path, lease)

    def _lease(self, method: str, path: str, body: Body | None = None) -> Body | None:
        return self._requests.send(method, path, body, attempts=1, timeout=_LEASE_TIMEOUT)


def _pack(key: PackKey) -> str:
    return _namespaced(_PACKS, key.namespace, PLURAL, key.name)


def _namespaced(prefix: str, namespace: str, *rest: str) -> str:
    return "/".join([prefix, "namespaces", *(quote(part, safe="") for part in (namespace, *rest))])
