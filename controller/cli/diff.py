"""`packctl diff`: what a sync would do, or what two applied revisions differ in."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from controller.cli import applying, flags, trust
from controller.cli.asking import arguments, check_one, settings
from controller.cli.clustered import Kubeconfig, Namespace
from controller.cli.differing import Shape, end, planned, show
from controller.cli.login import Login, with_login
from controller.cli.output import fail
from controller.cli.past import reading, recorded
from controller.cli.resources import followed, is_pack
from controller.cli.targets import Repositories, source_target
from controller.diff import Recorded, between
from controller.formats.plans import PlanReport
from controller.pack.naming import LATEST
from controller.pack.spec import GitRef, GitSpec, OnInvalid, PackSpec, ValidationSpec
from controller.store import RecordedRevision, Store

_REF = {"branch", "tag", "semver", "name", "commit"}
_ALWAYS = {"subject", "before", "after", "database", "output", "summary"}
_OF_PACK = _ALWAYS | _REF | {"namespace", "kubeconfig"}


@with_login
def diff(
    context: typer.Context,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="PATH|URL|PACK", help="A folder, a repository, a Pack, or a pack's ref."
        ),
    ],
    before: Annotated[
        str | None,
        typer.Argument(metavar="REV", help="An applied revision.", show_default=False),
    ] = None,
    after: Annotated[
        str | None,
        typer.Argument(metavar="REV", help="Another; the latest without it.", show_default=False),
    ] = None,
    database: applying.Database = None,
    namespace: Namespace = None,
    kubeconfig: Kubeconfig = None,
    branch: flags.Branch = None,
    tag: flags.Tag = None,
    semver: flags.Semver = None,
    name: flags.FullName = None,
    commit: flags.Commit = None,
    path: flags.PathInside = "",
    verify_mode: trust.VerifyMode = None,
    verify_keys: trust.VerifyKeys = None,
    ref: Annotated[str | None, typer.Option(help="The ref that pack.yaml must have.")] = None,
    on_invalid: applying.OnInvalidFlag = OnInvalid.BLOCK,
    *,
    update_existing: applying.UpdateExisting = True,
    prune: applying.Prune = True,
    allow_empty: applying.AllowEmpty = False,
    summary: Annotated[bool, typer.Option("--summary", help="Counts only.")] = False,
    output: Annotated[Shape, typer.Option("-o", "--output", help="How to print it.")] = Shape.TEXT,
    login: Login,
) -> None:
    """Show what a sync would do to Attune's database, by workflow and by field.

    Of a folder, a repository, or a Pack of the cluster, with another reference if
    one is given; where a Pack owns the pack, as that Pack would sync it. With
    REV: what two applied revisions of a pack differ in. Nothing is written.
    docs/diff.md has the marks, the JSON, and how to comment on a pull request.

    Exit codes, as kubectl diff has them: 0 no difference, 1 differences, 2 the
    pack has errors, a sync would refuse it, or something cannot be reached.

    Examples:

      packctl diff ./packs/payments --database postgresql://attune@localhost/attune

      packctl diff https://git.example.com/acme/packs.git --branch fix --path packs/payments

      packctl diff payments -n team-a --branch fix

      packctl diff payments 17 latest

      packctl diff . -o markdown > comment.md
    """
    given = _given(context)
    wanted = _reference(branch=branch, tag=tag, semver=semver, name=name, commit=commit)
    if before is not None:
        _refuse(given - _ALWAYS, "Revisions are of the database, which has no")
        made = _past(subject, before, after or LATEST, database)
    elif is_pack(subject, namespace):
        _refuse(given - _OF_PACK, "A Pack has in its spec what stands for")
        with followed(subject, namespace, kubeconfig, wanted) as target:
            made = planned(target, database, for_owner=bool(given & _REF))
    else:
        _refuse(given & {"namespace", "kubeconfig"}, "Only a Pack has")
        policy = trust.policy(verify_mode, verify_keys)
        remote = Repositories(wanted, path, settings().cache_dir, login, policy)

        def make(git: GitSpec) -> PackSpec:
            return PackSpec(
                ref=ref,
                git=git,
                validation=ValidationSpec(on_invalid=on_invalid),
                update_existing=update_existing,
                prune=prune,
                allow_empty=allow_empty,
            )

        made = planned(source_target(subject, remote, make), database, for_owner=True)
    show(made, output, brief=summary)
    end(made, dry=False)


def _past(pack_ref: str, before: str, after: str, database: str | None) -> PlanReport:
    with reading(database) as store:
        old, new = (_complete(store, pack_ref, one) for one in (before, after))
    numbers = old.entry.number, new.entry.number
    plan = between(pack_ref, _recorded(old), _recorded(new))
    return PlanReport(pack_ref, plan, numbers=numbers)


def _complete(store: Store, pack_ref: str, revision: str) -> RecordedRevision:
    found = recorded(store, pack_ref, revision)
    if found.manifest is None:
        number = found.entry.number
        fail(ValueError(f"Of revision {number} no texts were recorded: an older program made it."))
    return found


def _recorded(one: RecordedRevision) -> Recorded:
    manifest = json.loads(one.manifest.document) if one.manifest else None
    return Recorded(one.entry.revision, manifest, one.workflows, one.missing)


def _reference(**given: str | None) -> GitRef:
    with arguments():
        found = GitRef(**given)
    check_one(found)
    return found


def _given(context: typer.Context) -> set[str]:
    """The names of what was typed."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    return {name for name, source in sources.items() if source and source.name == "COMMANDLINE"}


def _refuse(misplaced: set[str], why: str) -> None:
    if misplaced:
        named = ", ".join(sorted(f"--{name.replace('_', '-')}" for name in misplaced))
        fail(ValueError(f"{why} {named}: leave that out."))
