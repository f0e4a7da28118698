"""`packctl get`: Packs of the cluster in a table, once or as they change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

from controller.cli.clustered import Kubeconfig, Namespace, a_cluster
from controller.cli.columns import columns
from controller.cli.completing import packs
from controller.cli.output import fail, screen
from controller.cli.table import Body, row, titles, without_noise
from controller.pack.identity import PackKey
from controller.pack.spec import GROUP, PLURAL
from controller.redact import escaped

if TYPE_CHECKING:
    from controller.operator.cluster import Cluster


class Form(StrEnum):
    """How Packs are printed."""

    TEXT = "text"
    WIDE = "wide"
    JSON = "json"
    YAML = "yaml"
    NAME = "name"


def get(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="PACK", help="Only these.", autocompletion=packs),
    ] = None,
    namespace: Namespace = None,
    kubeconfig: Kubeconfig = None,
    selector: Annotated[
        str, typer.Option("-l", "--selector", help="Only those with these labels: team=a,tier!=b.")
    ] = "",
    *,
    everywhere: Annotated[
        bool, typer.Option("-A", "--all-namespaces", help="Of all namespaces.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("-w", "--watch", help="Go on, and print each change.")
    ] = False,
    output: Annotated[Form, typer.Option("-o", "--output", help="How to print them.")] = Form.TEXT,
) -> None:
    """List Packs of the cluster, with the columns of kubectl get packs.

    With --watch, prints a row for each change until Ctrl-C; -o json then writes
    a document in a line for each. docs/cli.md has more.

    Exit codes: 0 listed, 2 there is no such Pack, or the cluster cannot be
    reached.

    Examples:

      packctl get -A

      packctl get payments -n team-a -o wide --watch

      packctl get -A -o json | jq -r '.items[] | select(.spec.suspend).metadata.name'

      packctl get -l team=payments -o name
    """
    if everywhere and (namespace or names):
        fail(ValueError("-A lists all Packs of all namespaces: name neither a Pack nor -n."))
    if names and selector:
        fail(ValueError("Name Packs, or select them with -l: not both."))
    if watch and output is Form.YAML:
        fail(ValueError("--watch prints a table, names or JSON lines: give another -o."))
    with a_cluster(kubeconfig) as (cluster, usual):
        where = None if everywhere else namespace or usual
        found = list(_found(cluster, where, names or (), selector))
        if output is Form.TEXT or output is Form.WIDE:
            _table(cluster, found, where, names or (), selector, output, watch=watch)
            return
        print_packs(found, output, one=len(names or ()) == 1, lines=watch)
        if watch:
            for pack, _ in _news(cluster, found, where, names or (), selector):
                print_packs([pack], output, one=True, lines=True)


def print_packs(found: Sequence[Body], form: Form, *, one: bool, lines: bool = False) -> None:
    """Packs for programs: the only one for `one`, or else a list; `lines` puts each in a line."""
    if form is Form.NAME:
        for pack in found:
            typer.echo(f"pack.{GROUP}/{pack['metadata']['name']}")
        return
    plain = [without_noise(pack) for pack in found]
    if lines:
        for pack in plain:
            typer.echo(escaped(json.dumps(pack, ensure_ascii=False)))
        return
    listed: dict[str, Any] = {"apiVersion": "v1", "kind": "List", "items": plain}
    body = plain[0] if one else listed
    if form is Form.YAML:
        typer.echo(yaml.safe_dump(body, sort_keys=False, width=100, allow_unicode=True), nl=False)
        return
    typer.echo(escaped(json.dumps(body, indent=2, ensure_ascii=False)))


def _found(
    cluster: Cluster, where: str | None, names: Sequence[str], selector: str
) -> Iterator[Body]:
    if not names:
        yield from cluster.list_packs(where, selector=selector)
        return
    for name in names:
        key = PackKey(where or "", name)
        pack = cluster.get_pack(key)
        if pack is None:
            fail(ValueError(f"There is no Pack {key}. `packctl get -A` lists all."))
        yield pack


def _table(
    cluster: Cluster,
    found: Sequence[Body],
    where: str | None,
    names: Sequence[str],
    selector: str,
    form: Form,
    *,
    watch: bool,
) -> None:
    style = {"wide": form is Form.WIDE, "everywhere": where is None}
    head = titles(**style)
    out = screen()
    rows = [row(pack, datetime.now(UTC), **style) for pack in found]
    if not rows and not watch:
        place = f"namespace {where}" if where else "the cluster"
        screen(stderr=True).print(f"There are no {PLURAL} in {place}.", style="dim")
        return
    for line in columns(head, rows):
        out.print(line, soft_wrap=True)
    if not watch:
        return
    for pack, happened in _news(cluster, found, where, names, selector):
        new = row(pack, datetime.now(UTC), **style)
        if happened == "DELETED":
            new[0] = (str(new[0]), "dim strike")
        out.print(list(columns(head, [*rows, new]))[-1], soft_wrap=True)


def _news(
    cluster: Cluster,
    found: Sequence[Body],
    where: str | None,
    names: Sequence[str],
    selector: str,
) -> Iterator[tuple[Body, str]]:
    """What changes after `found`, and what happened to it."""
    from controller.operator.changes import changes

    known = {pack["metadata"]["uid"]: pack["metadata"]["resourceVersion"] for pack in found}
    name = names[0] if len(names) == 1 else ""
    for happened, pack in changes(cluster, where, selector=selector, name=name):
        metadata = pack["metadata"]
        if names and metadata["name"] not in names:
            continue
        is_told = known.get(metadata["uid"]) == metadata["resourceVersion"]
        known[metadata["uid"]] = metadata["resourceVersion"]
        if not is_told:
            yield pack, happened
