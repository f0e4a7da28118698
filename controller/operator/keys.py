"""What opens a Pack's repository, and whose signatures it must have: out of its Secrets.

Imports the values of `source` and the cluster. Secrets are those of the Pack's own namespace; each
function raises `PackError` for one that is missing or cannot be used, and `ClusterError`.
"""

from __future__ import annotations

from collections.abc import Mapping

from controller.errors import Reason, Stalled
from controller.operator.cluster import Cluster
from controller.pack.spec import GitSpec, SecretReference
from controller.pack.unverified import Unverified
from controller.source.access import Access, access_from
from controller.source.signatures.policy import Policy
from controller.source.urls import is_ssh


def access_of(cluster: Cluster, namespace: str, git: GitSpec) -> Access:
    """What opens the repository."""
    login = _secret(cluster, namespace, git.secret_ref, "the login for the repository")
    proxy = _secret(cluster, namespace, git.proxy_secret_ref, "the address of the proxy")
    return access_from(login, proxy, ssh=is_ssh(git.url))


def policy_of(cluster: Cluster, namespace: str, git: GitSpec) -> Policy | None:
    """What must be signed by whom; None when nothing must."""
    if git.verify is None:
        return None
    files = cluster.read_secret(namespace, git.verify.secret_ref.name)
    if files is None:
        raise Unverified(
            f"There is no Secret {git.verify.secret_ref.name} in the namespace {namespace}.",
            hint="Create it with the public keys of the signers: docs/pack.md tells how.",
            reason=Reason.SECRET_NOT_FOUND,
        )
    return Policy(git.verify.mode, files)


def _secret(
    cluster: Cluster, namespace: str, named: SecretReference | None, what: str
) -> Mapping[str, bytes] | None:
    if named is None:
        return None
    data = cluster.read_secret(namespace, named.name)
    if data is None:
        raise Stalled(
            Reason.SECRET_NOT_FOUND,
            f"There is no Secret {named.name} in the namespace {namespace}.",
            hint=f"Create it with {what}: docs/pack.md lists its keys.",
        )
    return data
