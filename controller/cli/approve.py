"""`packctl approve`: a person's word on the revision that waits for one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.text import Text

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
    refuse,
)
from controller.cli.output import Exit, Format, Output, say_why, screen
from controller.pack.naming import NoSuchRevision, read_name, shortened
from controller.pack.spec import APPROVE, APPROVED_BY
from controller.pack.status import PendingStatus, PlanStatus
from controller.redact import escaped, scrub

if TYPE_CHECKING:
    from controller.operator.resource import Resource


def approve(
    name: Annotated[str, typer.Argument(metavar="PACK", help="A Pack of the cluster.")],
    namespace: Namespace = None,
    kubeconfig: Kubeconfig = None,
    revision: Annotated[
        str | None,
        typer.Option(
            help="Only this one: main@1f3a9c2d, or the beginning of a commit.", show_default=False
        ),
    ] = None,
    *,
    wait: Wait = False,
    timeout: Timeout = "2m",
    output: Output = Format.TEXT,
) -> None:
    """Approve the revision that a Pack with activation: Manual waits with.

    Prints what it does, and names exactly that commit in an annotation: where
    another one arrives first, nothing is applied. With --revision, nothing but
    that one is approved. docs/rollback.md has more.

    Exit codes: 0 approved, 1 no revision waits, another one does, or it was
    refused, 2 the cluster cannot be reached, or it took too long.

    Examples:

      packctl approve payments -n team-a

      packctl approve payments -n team-a --revision 1f3a9c2d --wait

      packctl approve payments -n team-a -o json | jq .plan
    """
    limit = duration(timeout)
    with one_pack(name, namespace, kubeconfig) as pack:
        pending = _pending(pack.read(), revision)
        if output is Format.TEXT:
            _show(pending)
        who = f"{pending.revision} {pack.cluster.user()}"
        given = {APPROVE: pending.revision, APPROVED_BY: who}
        pack.patch({"metadata": {"annotations": given}})
        if wait:
            _wait(pack, pending.revision, limit)
    if output is Format.JSON:
        told = pending.model_dump(mode="json", by_alias=True, exclude_none=True)
        typer.echo(escaped(json.dumps(told, indent=2, ensure_ascii=False)))
        return
    done = "Approved and applied" if wait else "Approved"
    good(f"{done} {shortened(pending.revision)} for Pack {pack.key}.")


def _pending(pack: Resource, revision: str | None) -> PendingStatus:
    """What waits, if it is what is meant."""
    pending = pack.status().pending_revision
    if pending is None:
        _say_no(f"No revision of Pack {pack.key} waits for an approval.")
    if revision is not None and not _is_meant(pending, revision):
        waits = shortened(pending.revision)
        _say_no(f"{revision} does not wait for an approval: {waits} does. Nothing was approved.")
    return pending


def _is_meant(pending: PendingStatus, revision: str) -> bool:
    try:
        wanted = read_name(revision)
    except NoSuchRevision:
        return False
    # Digits alone begin a commit here: what waits has no number yet.
    commit = wanted.commit or (str(wanted.number) if wanted.number else "")
    name, _, digest = pending.revision.rpartition("@")
    is_named = wanted.name in {"", name}
    return bool(commit) and is_named and digest.rpartition(":")[2].startswith(commit)


def _show(pending: PendingStatus) -> None:
    out = screen()
    commit = pending.commit
    made = f" ({commit.author}: {commit.subject})" if commit else ""
    out.print(Text(scrub(f"{shortened(pending.revision)}{made}: {_counts(pending.plan)}")))
    for one in pending.plan.workflows:
        out.print(Text(f"  {one.change.value:9} {scrub(one.ref)}"), soft_wrap=True)
    if pending.plan.truncated:
        out.print(Text("  … packctl diff lists all of them", "dim"))


def _counts(plan: PlanStatus) -> str:
    counts = (
        (plan.created, "to create"),
        (plan.updated, "to update"),
        (plan.pruned, "to remove"),
        (plan.blocked, "to remove later"),
        (plan.skipped, "to leave alone"),
        (plan.unchanged, "unchanged"),
    )
    told = [f"{count} {what}" for count, what in counts if count]
    row = ["the pack's row to write"] if plan.pack_changed else []
    return ", ".join([*told, *row])


def _wait(pack: OnePack, revision: str, limit: float) -> None:
    def is_over(found: Resource) -> bool:
        status = found.status()
        waits = status.pending_revision
        is_other = waits is not None and waits.revision != revision
        return status.last_applied_revision == revision or is_other or is_stalled(found)

    found = pack.wait("Waiting for the controller", is_over, limit)
    if found.status().last_applied_revision != revision:
        refuse(found)


def _say_no(said: str) -> NoReturn:
    say_why(ValueError(said))
    raise typer.Exit(Exit.REFUSED)
