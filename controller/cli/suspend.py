"""`packctl suspend` and `packctl resume`: whether anything is done for a Pack."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from controller.cli.clustered import (
    Kubeconfig,
    Namespace,
    Timeout,
    Wait,
    duration,
    good,
    one_pack,
    ready,
    refuse,
)
from controller.cli.completing import PackName
from controller.cli.output import Format, Output
from controller.redact import escaped


def suspend(
    name: PackName,
    namespace: Namespace = None,
    kubeconfig: Kubeconfig = None,
    *,
    wait: Wait = False,
    timeout: Timeout = "2m",
    output: Output = Format.TEXT,
) -> None:
    """Stop syncing a Pack; its rows stay as they are (spec.suspend).

    Exit codes: 0 done, 2 there is no such Pack, the cluster cannot be reached,
    or it took too long.

    Examples:

      packctl suspend payments -n team-a

      packctl suspend payments -n team-a --wait
    """
    limit = duration(timeout)
    _set(name, namespace, kubeconfig, output, suspend=True, wait=limit if wait else None)


def resume(
    name: PackName,
    namespace: Namespace = None,
    kubeconfig: Kubeconfig = None,
    *,
    wait: Wait = False,
    timeout: Timeout = "2m",
    output: Output = Format.TEXT,
) -> None:
    """Sync a suspended Pack again, at once; --wait prints what came of it.

    Exit codes: 0 done, or with --wait: it is Ready; 1 it is not; 2 there is no
    such Pack, the cluster cannot be reached, or it took too long.

    Examples:

      packctl resume payments -n team-a --wait
    """
    limit = duration(timeout)
    _set(name, namespace, kubeconfig, output, suspend=False, wait=limit if wait else None)


def _set(
    name: str,
    namespace: str | None,
    kubeconfig: Path | None,
    output: Format,
    *,
    suspend: bool,
    wait: float | None,
) -> None:
    with one_pack(name, namespace, kubeconfig) as pack:
        is_new = pack.read().is_suspended != suspend
        found = pack.patch({"spec": {"suspend": suspend}}) if is_new else pack.read()
        if wait is not None:
            found = pack.wait("Waiting for the controller", lambda one: bool(ready(one)), wait)
    if output is Format.JSON:
        body = {"pack": str(pack.key), "suspend": suspend, "changed": is_new}
        typer.echo(escaped(json.dumps(body, indent=2)))
    now = ready(found)
    if wait and not suspend and (now is None or now.status != "True"):
        refuse(found)
    if output is Format.TEXT:
        state = "suspended" if suspend else "synced"
        said = f"Pack {pack.key} is {state if is_new else f'{state} already'}."
        good(f"{said} {now.message}" if wait and now and not suspend else said)
