"""`packctl reconcile`: have a Pack looked at now."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from controller.cli.clustered import (
    Kubeconfig,
    Namespace,
    OnePack,
    Timeout,
    Wait,
    duration,
    good,
    one_pack,
    ready,
    refuse,
)
from controller.cli.completing import PackName
from controller.cli.output import Exit, Format, Output, say_why
from controller.pack.spec import REQUESTED_AT
from controller.redact import escaped

if TYPE_CHECKING:
    from controller.operator.resource import Resource


def reconcile(
    name: PackName,
    namespace: Namespace = None,
    kubeconfig: Kubeconfig = None,
    *,
    wait: Wait = False,
    timeout: Timeout = "2m",
    output: Output = Format.TEXT,
) -> None:
    """Ask the controller to look at a Pack now, as a push does.

    Sets the annotation reconcile.attune.io/requestedAt. With --wait, prints what
    came of it as soon as the status names that request.

    Exit codes: 0 asked, or with --wait: it is Ready; 1 it is not, or it is
    suspended; 2 there is no such Pack, the cluster cannot be reached, or it took
    too long.

    Examples:

      packctl reconcile payments -n team-a

      packctl reconcile payments -n team-a --wait --timeout 5m

      packctl reconcile payments --wait -o json | jq .revision
    """
    limit = duration(timeout)
    with one_pack(name, namespace, kubeconfig) as pack:
        if pack.read().is_suspended:
            first = f"`packctl resume {name} -n {pack.key.namespace}` first"
            say_why(ValueError(f"Pack {pack.key} is suspended: {first}."))
            raise typer.Exit(Exit.REFUSED)
        found, token = _asked(pack)
        if wait:
            found = pack.wait("Waiting for the controller", lambda one: _is_over(one, token), limit)
    if output is Format.JSON:
        typer.echo(escaped(json.dumps(_told(found, token), indent=2, ensure_ascii=False)))
    if not wait:
        if output is Format.TEXT:
            good(f"Asked the controller to look at Pack {pack.key}.")
        return
    now = ready(found)
    if now is None or now.status != "True":
        refuse(found)
    if output is Format.TEXT:
        good(now.message)


def _asked(pack: OnePack) -> tuple[Resource, str]:
    """It, and what its status names when the reconcile that is asked for has ended."""
    token = datetime.now(UTC).isoformat()
    found = _annotated(pack, token)
    if found.requested and found.requested > token:
        # Only the greatest of all requests is heard, and somebody's was greater.
        token = f"{found.requested} {token}"
        found = _annotated(pack, token)
    return found, token


def _annotated(pack: OnePack, token: str) -> Resource:
    return pack.patch({"metadata": {"annotations": {REQUESTED_AT: token}}})


def _is_over(pack: Resource, token: str) -> bool:
    handled = pack.status().last_handled_reconcile_at or ""
    return handled >= token and ready(pack) is not None


def _told(pack: Resource, token: str) -> dict[str, str | None]:
    now, status = ready(pack), pack.status()
    return {
        "pack": str(pack.key),
        "requestedAt": token,
        "lastHandledReconcileAt": status.last_handled_reconcile_at,
        "ready": now.status if now else None,
        "reason": now.reason if now else None,
        "message": now.message if now else None,
        "revision": status.last_applied_revision,
    }
