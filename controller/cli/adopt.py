"""`packctl adopt`: what is there of a pack, made by hand or left by a Pack, becomes somebody's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Annotated

import typer

from controller.cli import applying, flags, trust
from controller.cli.adopting import Takeover, agreed, carry_out, leave, look, show
from controller.cli.asking import arguments, settings
from controller.cli.clustered import Kubeconfig, Namespace
from controller.cli.login import Login, with_login
from controller.cli.output import Exit, Format, Output, fail
from controller.cli.resources import followed, is_pack
from controller.cli.targets import Repositories, Target, source_target
from controller.pack.identity import Owner
from controller.pack.spec import GitRef, GitSpec, OnInvalid, PackSpec, ValidationSpec

_CLUSTER = "kubectl get namespace kube-system -o jsonpath='{.metadata.uid}'"


@with_login
def adopt(
    subject: Annotated[
        str, typer.Argument(metavar="PATH|URL|PACK", help="A folder, a repository, or a Pack.")
    ],
    database: applying.Database = None,
    namespace: Namespace = None,
    kubeconfig: Kubeconfig = None,
    heir: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="NAMESPACE/NAME",
            help="The Pack that is to own it, which may come later. Without it, the first to come.",
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(help="The cluster of that Pack, as its controller names it."),
    ] = None,
    branch: flags.Branch = None,
    tag: flags.Tag = None,
    semver: flags.Semver = None,
    name: flags.FullName = None,
    commit: flags.Commit = None,
    path: flags.PathInside = "",
    verify_mode: trust.VerifyMode = None,
    verify_keys: trust.VerifyKeys = None,
    on_invalid: applying.OnInvalidFlag = OnInvalid.BLOCK,
    *,
    prune: applying.Prune = True,
    allow_empty: applying.AllowEmpty = False,
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Do not ask.")] = False,
    output: Output = Format.TEXT,
    login: Login,
) -> None:
    """Take over what is there of a pack, and make it what its files say.

    For a pack that was installed by hand, or with workflows and actions that
    people made in Attune under its refs; and for one whose Pack is gone, or is
    to give it away. Shows the plan, who has the pack since when, and what of it
    was made by hand; then asks. docs/adopt.md has the whole.

    Exit codes: 0 taken over, or there was nothing to take; 1 the pack has
    errors, was refused, or nobody agreed; 2 something cannot be reached.

    Examples:

      packctl adopt ./packs/payments --database postgresql://attune@localhost/attune

      packctl adopt payments -n team-b

      packctl adopt https://git.example.com/acme/packs.git --path packs/payments \\
        --for team-b/payments --cluster west --yes
    """
    if output is Format.JSON and not yes:
        fail(ValueError("-o json prints the result alone, so that nobody can be asked: say --yes."))

    def make(git: GitSpec) -> PackSpec:
        return PackSpec(
            git=git,
            validation=ValidationSpec(on_invalid=on_invalid),
            prune=prune,
            allow_empty=allow_empty,
        )

    with arguments():
        wanted = GitRef(branch=branch, tag=tag, semver=semver, name=name, commit=commit)
    if is_pack(subject, namespace):
        if heir or cluster:
            fail(ValueError("A Pack takes over for itself: leave --for and --cluster out."))
        place: AbstractContextManager[Target] = followed(subject, namespace, kubeconfig, wanted)
    else:
        policy = trust.policy(verify_mode, verify_keys)
        remote = Repositories(wanted, path, settings().cache_dir, login, policy)
        target = source_target(subject, remote, make)
        owner = _owner(heir, cluster) if heir else target.asked.owner
        place = nullcontext(replace(target, asked=replace(target.asked, owner=owner)))
    with place as target, _found(target, database, output) as takeover:
        if not (yes or agreed()):
            raise typer.Exit(Exit.REFUSED)
        carry_out(takeover, database, output)


@contextmanager
def _found(target: Target, database: str | None, output: Format) -> Iterator[Takeover]:
    """What there is to take over, as it was shown; ends the command where there is nothing, or it
    cannot be done."""
    takeover = look(target, database)
    if output is Format.TEXT or takeover.failure is not None:
        show(takeover)
    if takeover.failure is not None:
        raise typer.Exit(takeover.code)
    if takeover.is_nothing:
        leave(takeover, output)
    yield takeover


def _owner(heir: str, cluster: str | None) -> Owner:
    namespace, slash, name = heir.partition("/")
    known = cluster or settings().cluster
    if not (namespace and slash and name) or "/" in name:
        fail(ValueError(f"--for takes NAMESPACE/NAME of a Pack, and {heir} is none."))
    if not known:
        fail(ValueError(f"Name the cluster of Pack {heir} with --cluster: {_CLUSTER} tells it."))
    return Owner("", namespace, name, known)
