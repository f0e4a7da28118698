"""Packs of the cluster → what a reconcile of them is asked to do, for commands that plan it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from controller.cli.asking import settings
from controller.cli.clustered import one_pack
from controller.cli.output import fail
from controller.cli.targets import Target
from controller.errors import PackError
from controller.pack.spec import GitRef, PackSpec
from controller.reconcile import Asked
from controller.source.urls import is_url


def is_pack(subject: str, namespace: str | None) -> bool:
    """Whether the name is a Pack's: a folder that is there goes before it, a namespace decides."""
    if is_url(subject):
        return False
    plain = "/" not in subject and subject not in (".", "..")
    return namespace is not None or (plain and not Path(subject).is_dir())


@contextmanager
def followed(
    name: str, namespace: str | None, kubeconfig: Path | None, ref: GitRef
) -> Iterator[Target]:
    """What a Pack follows, or `ref` in its place, opened with its Secrets; ends the command when
    there is none, or no cluster."""
    # Kubernetes' libraries take a second to load, which no other command should wait for.
    from controller.app import mirrors
    from controller.operator.identity import ClusterName
    from controller.operator.sources import Sources

    instead = "" if namespace else f"There is no folder {name} here."
    with (
        one_pack(name, namespace, kubeconfig, instead=instead) as one,
        TemporaryDirectory(prefix="packctl-diff-") as cache,
    ):
        pack = one.read()
        try:
            spec = _with(pack.spec(), ref)
            found = settings(cache_dir=Path(cache))
            source = Sources(one.cluster, mirrors(found), lambda _: None).of(pack, spec)
        except PackError as error:
            fail(error)
        owner = replace(pack.owner, cluster=ClusterName(one.cluster, found.cluster).get())
        asked = Asked(owner, pack.generation, spec, source, dry_run=True)
        yield Target(f"Pack {pack.key}", spec.git.path.strip("/"), asked)


def _with(spec: PackSpec, ref: GitRef) -> PackSpec:
    if not ref.model_dump(exclude_none=True):
        return spec
    return spec.model_copy(update={"git": spec.git.model_copy(update={"ref": ref})})
