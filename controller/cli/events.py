"""`packctl events`: what the controller has told of a Pack, once or as it happens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from controller.cli.clustered import Kubeconfig, Namespace, one_pack
from controller.cli.columns import Cell, columns
from controller.cli.completing import PackName
from controller.cli.output import Format, Output, screen
from controller.cli.table import Body, age, without_noise
from controller.redact import escaped

_TITLES = ("LAST SEEN", "TYPE", "REASON", "MESSAGE")


def events(
    name: PackName,
    namespace: Namespace = None,
    kubeconfig: Kubeconfig = None,
    *,
    watch: Annotated[
        bool, typer.Option("-w", "--watch", help="Go on, and print each new one.")
    ] = False,
    output: Output = Format.TEXT,
) -> None:
    """List the events about a Pack, oldest first.

    Kubernetes forgets an event after an hour; `packctl history --attempts` has
    what was tried before. With --watch, goes on until Ctrl-C; -o json then
    writes a document in a line for each.

    Exit codes: 0 listed, 2 there is no such Pack, or the cluster cannot be
    reached.

    Examples:

      packctl events payments -n team-a

      packctl events payments -n team-a --watch

      packctl events payments -o json | jq -r '.items[].reason'
    """
    with one_pack(name, namespace, kubeconfig) as pack:
        pack.read()
        found = pack.cluster.list_events(pack.key)
        if output is Format.JSON and not watch:
            listed = {"apiVersion": "v1", "kind": "List", "items": [*map(without_noise, found)]}
            typer.echo(escaped(json.dumps(listed, indent=2, ensure_ascii=False)))
            return
        _print(found, [], output)
        if not watch:
            if not found:
                screen(stderr=True).print(f"No event about Pack {pack.key} is kept.", style="dim")
            return
        # Kubernetes' libraries take a second to load, which no other command should wait for.
        from controller.operator.changes import happenings

        known = {one["metadata"]["resourceVersion"] for one in found}
        for event in happenings(pack.cluster, pack.key):
            version = event["metadata"]["resourceVersion"]
            if version not in known:
                known.add(version)
                _print([event], found, output)
                found.append(event)


def event_row(event: Body, now: datetime) -> list[Cell]:
    """An event in the columns of kubectl."""
    kind = str(event.get("type", ""))
    seen = event.get("lastTimestamp") or event["metadata"].get("creationTimestamp")
    style = "yellow" if kind == "Warning" else ""
    said = str(event.get("message", ""))
    return [age(seen, now), (kind, style), str(event.get("reason", "")), said]


def _print(new: Sequence[Body], before: Sequence[Body], form: Format) -> None:
    """Events after those `before`, whose columns they keep."""
    if form is Format.JSON:
        for event in new:
            typer.echo(escaped(json.dumps(without_noise(event), ensure_ascii=False)))
        return
    now = datetime.now(UTC)
    lines = list(columns(_TITLES, [event_row(one, now) for one in (*before, *new)]))
    out = screen()
    for line in lines[len(before) + 1 :] if before else lines if new else ():
        out.print(line, soft_wrap=True)
