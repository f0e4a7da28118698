"""Packs of the cluster → what a reconcile of them is asked to do, for commands that plan it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from controller.cli.asking import settings
from controller.cli.output import fail
from controller.cli.targets import Target
from controller.errors import PackError
from controller.pack.identity import PackKey
from controller.pack.spec import GitRef, PackSpec
from controller.reconcile import Asked


@contextmanager
def followed(
    name: str, namespace: str | None, kubeconfig: Path | None, ref: GitRef
) -> Iterator[Target]:
    """What a Pack follows, or `ref` in its place, opened with its Secrets; ends the command when
    there is none, or no cluster."""
    # Kubernetes' libraries take a second to load, which no other command should wait for.
    from controller.app import mirrors
    from controller.operator.access import NoAccess, current_namespace, load_config
    from controller.operator.cluster import Cluster
    from controller.operator.request import ClusterError
    from controller.operator.resource import Resource
    from controller.operator.sources import Sources

    given = {"kubeconfig": kubeconfig} if kubeconfig else {}
    with TemporaryDirectory(prefix="packctl-diff-") as cache:
        found = settings(**given, cache_dir=Path(cache))
        place = str(found.kubeconfig) if found.kubeconfig else None
        try:
            cluster = Cluster(load_config(place))
            key = PackKey(namespace or current_namespace(place), name)
            body = cluster.get_pack(key)
            if body is None:
                fail(ValueError(_missing(key)))
            pack = Resource(body)
            spec = _with(pack.spec(), ref)
            source = Sources(cluster, mirrors(found), lambda _: None).of(pack, spec)
        except NoAccess as error:
            fail(error if namespace else ValueError(f"There is no folder {name} here. {error}"))
        except (ClusterError, PackError) as error:
            fail(error)
        with closing(cluster):
            asked = Asked(pack.owner, pack.generation, spec, source, dry_run=True)
            yield Target(f"Pack {key}", spec.git.path.strip("/"), asked)


def _with(spec: PackSpec, ref: GitRef) -> PackSpec:
    if not ref.model_dump(exclude_none=True):
        return spec
    return spec.model_copy(update={"git": spec.git.model_copy(update={"ref": ref})})


def _missing(key: PackKey) -> str:
    return (
        f"There is no Pack {key}, and no folder {key.name} here. `kubectl get packs -A` lists all "
        "Packs that are."
    )
