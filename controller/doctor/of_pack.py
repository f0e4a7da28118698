"""The case of a Pack resource: its spec, its Secrets, its status. Imports `operator`.

Not imported with the rest of this package: Kubernetes' libraries take a second to load.
"""

from __future__ import annotations

from pathlib import Path

from controller.doctor.beside import Told
from controller.doctor.case import Case, Keys
from controller.errors import Reason, Stalled
from controller.operator.cluster import Cluster
from controller.operator.keys import access_of, policy_of
from controller.operator.request import ClusterError
from controller.operator.resource import Resource
from controller.pack.identity import PackKey
from controller.pack.spec import GitSpec
from controller.reconcile.asked import reference
from controller.source.mirrors import Mirrors


def of_pack(
    cluster: Cluster, key: PackKey, mirrors: Mirrors, cache: Path, timeout: float | None
) -> tuple[Case, Told] | None:
    """The case of a Pack, with what its status says; None when there is no such Pack.

    Without a `timeout`, a step may take as long as the Pack's `spec.timeout` says. Raises
    `InvalidSpec` for a spec that cannot be read, and `ClusterError`.
    """
    body = cluster.get_pack(key)
    if body is None:
        return None
    pack = Resource(body)
    spec = pack.spec()
    case = Case(
        url=spec.git.url,
        reference=reference(spec.git.ref),
        path=spec.git.path.strip("/"),
        keys=lambda: _keys(cluster, key.namespace, spec.git),
        mirrors=mirrors,
        cache=cache,
        timeout=timeout or spec.timeout_seconds,
    )
    return case, Told(key, pack.status(), pack.generation, spec.suspend)


def _keys(cluster: Cluster, namespace: str, git: GitSpec) -> Keys:
    asked = (git.secret_ref, git.proxy_secret_ref, git.verify and git.verify.secret_ref)
    names = [one.name for one in asked if one]
    try:
        access = access_of(cluster, namespace, git)
        return Keys(access, policy_of(cluster, namespace, git), ", ".join(dict.fromkeys(names)))
    except ClusterError as error:
        raise Stalled(
            Reason.SECRET_NOT_FOUND,
            f"The Secrets of the Pack cannot be read: {error}",
            hint="Have a user who may get these Secrets run this, or run it in the controller's "
            f"Pod: {', '.join(names)}.",
        ) from None
