"""What `packctl doctor git` examines: a URL with options, or a Pack of the cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from controller.cli.asking import settings
from controller.cli.output import fail
from controller.doctor import Case, Keys, Told
from controller.errors import PackError
from controller.pack.identity import PackKey
from controller.pack.spec import GitRef
from controller.reconcile.asked import reference
from controller.redact import public_url
from controller.source.mirrors import Mirrors
from controller.source.urls import Scheme

_EVERY = frozenset({Scheme.HTTP, Scheme.FILE})
_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: its name, what to do, and what its status says if it is a Pack."""

    subject: str
    case: Case
    told: Told | None = None


def of_url(
    url: str, ref: GitRef, path: str, keys: Keys, timeout: float | None, cache: Path
) -> Patient:
    """A repository; whoever runs the command may use every scheme."""
    try:
        case = Case(
            url=url,
            reference=reference(ref),
            path=path.strip("/"),
            keys=lambda: keys,
            mirrors=Mirrors(cache, _EVERY),
            cache=cache,
            timeout=timeout or _TIMEOUT,
        )
    except PackError as error:
        fail(error)
    return Patient(public_url(url), case)


@contextmanager
def of_pack(
    name: str, namespace: str | None, kubeconfig: Path | None, timeout: float | None, cache: Path
) -> Iterator[Patient]:
    """A Pack, under the settings in the environment; ends the command when there is none, or no
    cluster. The cluster is asked for its Secrets within the context."""
    # Kubernetes' libraries take a second to load, which no other command should wait for.
    from controller.app import mirrors
    from controller.doctor.of_pack import of_pack as read
    from controller.operator.access import NoAccess, current_namespace, load_config
    from controller.operator.cluster import Cluster
    from controller.operator.request import ClusterError

    given = {"kubeconfig": kubeconfig} if kubeconfig else {}
    found = settings(**given, cache_dir=cache)
    place = str(found.kubeconfig) if found.kubeconfig else None
    try:
        cluster = Cluster(load_config(place))
        key = PackKey(namespace or current_namespace(place), name)
        read_pack = read(cluster, key, mirrors(found), cache, timeout)
    except (NoAccess, ClusterError, PackError) as error:
        fail(error)
    if read_pack is None:
        fail(ValueError(f"There is no Pack {key}. `kubectl get packs -A` lists all that are."))
    case, told = read_pack
    with closing(cluster):
        yield Patient(f"Pack {key}: {public_url(case.url)}", case, told)
