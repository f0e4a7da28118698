"""`packctl sync`: a folder or a repository into a database, without a cluster."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer
from pydantic import SecretStr

from controller.cli import applying, flags, trust
from controller.cli.asking import arguments, settings
from controller.cli.checking import result
from controller.cli.differing import Shape, end, planned, show
from controller.cli.login import Login, with_login
from controller.cli.output import Format, Output, fail, report
from controller.cli.targets import Repositories, Target, source_target
from controller.database import database_url, retention
from controller.errors import PackError
from controller.pack.spec import GitRef, GitSpec, OnInvalid, PackSpec
from controller.reconcile import Reconciler
from controller.store import DatabaseSettings, Store
from controller.validate import Memo


@with_login
def sync(
    source: Annotated[str, typer.Argument(metavar="PATH|URL", help="A folder or a repository.")],
    database: applying.Database = None,
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
    history_limit: Annotated[
        int, typer.Option(min=1, max=1000, help="Applied revisions of the pack that are kept.")
    ] = 20,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, as packctl diff does.")
    ] = False,
    output: Output = Format.TEXT,
    login: Login,
) -> None:
    """Apply a pack to Attune's database once: validate, plan, write in one transaction.

    A pack that a Pack resource owns is refused. Secrets of private repositories come from files
    and the environment: see docs/private-repositories.md. Exit codes: 0 applied or already in sync,
    1 the pack has errors or was refused, 2 the source or the database cannot be reached.

    Examples:

      packctl sync ./packs/payments --database postgresql://attune@localhost/attune

      packctl sync ./packs/payments --dry-run

      packctl sync https://git.example.com/acme/packs.git --branch main --path packs/payments

      packctl sync https://git.example.com/acme/packs.git --verify-keys allowed_signers
    """
    given = {"database_url": SecretStr(database)} if database else {}
    found = settings(**given)

    def make(git: GitSpec) -> PackSpec:
        return PackSpec(
            ref=ref,
            git=git,
            validation=applying.validation(on_invalid, alone=found.database_url is None),
            update_existing=update_existing,
            prune=prune,
            allow_empty=allow_empty,
            history_limit=history_limit,
        )

    with arguments():
        wanted = GitRef(branch=branch, tag=tag, semver=semver, name=name, commit=commit)
    policy = trust.policy(verify_mode, verify_keys)
    remote = Repositories(wanted, path, found.cache_dir, login, policy)
    target = source_target(source, remote, make)
    if dry_run:
        _rehearse(target, database, output)
    try:
        with (
            database_url(found) as url,
            Store(DatabaseSettings(url), retention=retention(found)) as store,
        ):
            reconciler = Reconciler(store, Memo())
            inspected = reconciler.inspect(target.asked)
            reconciler.tidy(target.asked.spec, inspected.outcome)
    except PackError as error:
        fail(error)
    report(inspected.outcome, result(inspected, target), output)


def _rehearse(target: Target, database: str | None, output: Format) -> NoReturn:
    """Tell what the sync would do, in place of it."""
    made = planned(target, database, for_owner=False)
    show(made, Shape(output.value), brief=False)
    end(made, dry=True)
