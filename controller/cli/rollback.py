"""`packctl rollback`: back to an applied revision, and forward again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from controller.cli import applying
from controller.cli.asking import settings
from controller.cli.clustered import (
    Kubeconfig,
    Namespace,
    OnePack,
    Timeout,
    Wait,
    duration,
    good,
    is_stalled,
    one_pack,
    ready,
    refuse,
)
from controller.cli.going_back import at_once, rehearse
from controller.cli.output import Format, Output, fail
from controller.cli.past import named, reading
from controller.pack.naming import NoSuchRevision, read_name
from controller.pack.spec import RollbackSpec, Until
from controller.pack.status import RollbackState
from controller.redact import escaped

if TYPE_CHECKING:
    from controller.operator.resource import Resource

_BEFORE = "~1"


@dataclass(frozen=True, slots=True)
class _Entry:
    """An applied revision, as the status of a Pack tells of it."""

    number: int
    revision: str

    @property
    def commit(self) -> str:
        return self.revision.rpartition(":")[2]


def rollback(
    pack: Annotated[
        str,
        typer.Argument(metavar="PACK", help="A Pack of the cluster; with --database, a ref."),
    ],
    revision: Annotated[
        str, typer.Argument(metavar="REV", help="The one to go back to.")
    ] = _BEFORE,
    namespace: Namespace = None,
    kubeconfig: Kubeconfig = None,
    database: applying.Database = None,
    until: Annotated[Until, typer.Option(help="How long a Pack stays there.")] = Until.NEXT_COMMIT,
    *,
    undo: Annotated[
        bool, typer.Option("--undo", help="Go forward again: remove spec.rollback.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do, and do nothing.")
    ] = False,
    wait: Wait = False,
    timeout: Timeout = "2m",
    output: Output = Format.TEXT,
) -> None:
    """Apply a recorded revision of a pack again; the one before the latest without REV.

    Sets spec.rollback of a Pack: its controller needs no Git for it, skips the
    commit that it goes back from, and goes forward with the next one. With
    --database and without -n, a pack that packctl sync has applied goes back at
    once. --dry-run needs the database. docs/rollback.md has more.

    Exit codes: 0 done, 1 refused, 2 no such revision, or something cannot be
    reached, or it took too long.

    Examples:

      packctl rollback payments -n team-a --wait

      packctl rollback payments 17 -n team-a --until Removed

      packctl rollback payments -n team-a --undo

      packctl rollback payments ~2 --database postgresql://attune@localhost/attune --dry-run
    """
    limit = duration(timeout)
    if namespace is None and kubeconfig is None and _has_database(database):
        if undo or wait:
            fail(ValueError("Only a Pack of the cluster has --undo and --wait: give -n."))
        at_once(pack, revision, database, output, dry=dry_run)
        return
    with one_pack(pack, namespace, kubeconfig) as found:
        if undo:
            wanted, said = None, _undone(found, limit, wait=wait)
        else:
            wanted = RollbackSpec(revision=_number(found.read(), revision, database), until=until)
            if dry_run:
                rehearse(found.read(), wanted, database, output)
                return
            said = _set(found, wanted, limit, wait=wait)
    if output is Format.TEXT:
        good(said)
        return
    body = wanted.model_dump(mode="json", by_alias=True) if wanted else None
    typer.echo(escaped(json.dumps({"pack": str(found.key), "rollback": body}, indent=2)))


def _has_database(database: str | None) -> bool:
    return database is not None or settings().database_url is not None


def _number(pack: Resource, revision: str, database: str | None) -> int:
    """The number of the revision that is meant: by the database, or by what the status tells."""
    status = pack.status()
    ref = status.pack.ref if status.pack else pack.spec().ref
    if ref is None:
        fail(ValueError(f"Pack {pack.key} has applied nothing yet: there is no way back."))
    if _has_database(database):
        with reading(database) as store:
            return named(store, ref, revision).number
    told = [_Entry(one.number, one.revision) for one in status.history if one.number]
    try:
        name = read_name(revision)
        if name.number is not None and not name.back:
            return name.number
        if not told:
            fail(ValueError("The status tells of no revision: give a number, or --database."))
        return name.among(ref, told).number
    except NoSuchRevision as error:
        fail(ValueError(f"{error} The status tells of the last five; --database knows all."))


def _set(pack: OnePack, wanted: RollbackSpec, limit: float, *, wait: bool) -> str:
    """Ask for it, and wait for it if that is wanted; what there is to say."""
    _forget_ended(pack, wanted, limit)
    pack.patch({"spec": {"rollback": wanted.model_dump(mode="json", by_alias=True)}})
    if wait:
        return _waited(pack, lambda one: _is_back(one, wanted), limit)
    return f"Pack {pack.key} is to go back to revision {wanted.revision}, until {wanted.until}."


def _waited(pack: OnePack, fits: Callable[[Resource], bool], limit: float) -> str:
    """What the controller says as soon as `fits` holds; ends the command where that is no good."""
    found = pack.wait("Waiting for the controller", fits, limit)
    now = ready(found)
    if now is None or now.status != "True":
        refuse(found)
    return now.message


def _forget_ended(pack: OnePack, wanted: RollbackSpec, limit: float) -> None:
    """The very same wish that a commit has ended counts again once the field was away."""
    found = pack.read()
    known = found.status().rollback
    if found.spec().rollback != wanted or known is None or known.state is RollbackState.ACTIVE:
        return
    pack.patch({"spec": {"rollback": None}})
    pack.wait(
        "Waiting for the controller to forget the rollback that has ended",
        lambda one: ready(one) is not None and one.status().rollback is None,
        limit,
    )


def _is_back(pack: Resource, wanted: RollbackSpec) -> bool:
    if ready(pack) is None:
        return False
    known = pack.status().rollback
    is_it = known is not None and known.revision == wanted.revision
    return is_it or is_stalled(pack)


def _undone(pack: OnePack, limit: float, *, wait: bool) -> str:
    """Remove the field, and wait for what comes of it if that is wanted; what there is to say."""
    if pack.read().spec().rollback is None:
        return f"Pack {pack.key} asks for no rollback."
    pack.patch({"spec": {"rollback": None}})
    return _waited(pack, _is_forward, limit) if wait else f"Pack {pack.key} follows Git again."


def _is_forward(pack: Resource) -> bool:
    now = ready(pack)
    is_over = now is not None and pack.status().rollback is None
    return is_over or is_stalled(pack)
