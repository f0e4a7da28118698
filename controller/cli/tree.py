"""`packctl tree`: a Pack, its revision, its workflows and what they call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import typer
from rich.text import Text
from rich.tree import Tree

from controller.cli import applying
from controller.cli.asking import settings
from controller.cli.clustered import Kubeconfig, Namespace, one_pack
from controller.cli.completing import PackName
from controller.cli.output import Format, Output, screen
from controller.cli.past import named, reading
from controller.pack.naming import shortened
from controller.pack.status import PackStatus
from controller.redact import escaped, scrub

Calls = dict[str, list[str]]


def tree(
    name: PackName,
    namespace: Namespace = None,
    kubeconfig: Kubeconfig = None,
    database: applying.Database = None,
    output: Output = Format.TEXT,
) -> None:
    """Draw a Pack: its revision, the workflows of it, and the actions that they call.

    The workflows are those that the status lists. The actions are recorded in
    the database with the revision: they need --database or PACKCTL_DATABASE_URL.

    Exit codes: 0 drawn, 2 there is no such Pack, or the cluster or the database
    cannot be reached.

    Examples:

      packctl tree payments -n team-a

      packctl tree payments --database postgresql://attune@localhost/attune

      packctl tree payments -o json | jq -r '.workflows[].ref'
    """
    with one_pack(name, namespace, kubeconfig) as pack:
        found = pack.read()
    status = found.status()
    calls = _calls(status, database)
    if output is Format.JSON:
        told = _told(str(found.key), status, calls)
        typer.echo(escaped(json.dumps(told, indent=2, ensure_ascii=False)))
        return
    screen().print(_drawn(str(found.key), found.url, status, calls), soft_wrap=True)


def called(definition: Any) -> Iterator[str]:
    """The actions that the tasks of a stored definition call, in their order, parallel ones too."""
    for task in definition.get("tasks") or ():
        if isinstance(task, dict):
            if isinstance(task.get("action"), str):
                yield task["action"]
            yield from called(task)


def _calls(status: PackStatus, database: str | None) -> Calls | None:
    """What each workflow of the revision calls; None without a database, or before a sync."""
    if database is None and settings().database_url is None:
        return None
    number = status.history[0].number if status.history else None
    if status.pack is None or number is None:
        return None
    with reading(database) as store:
        entry = named(store, status.pack.ref, str(number))
        recorded = store.revision(status.pack.ref, entry.number)
    if recorded is None:
        return None
    bodies = ((one.ref, json.loads(one.document)["definition"]) for one in recorded.workflows)
    return {ref: list(dict.fromkeys(called(definition))) for ref, definition in bodies}


def _told(key: str, status: PackStatus, calls: Calls | None) -> dict[str, Any]:
    workflows = [
        {
            "ref": one.ref,
            "version": one.version,
            "file": one.file,
            **({"actions": calls.get(one.ref, [])} if calls is not None else {}),
        }
        for one in status.workflows
    ]
    return {
        "pack": key,
        "ref": status.pack.ref if status.pack else None,
        "revision": status.last_applied_revision,
        "workflowCount": status.workflow_count or 0,
        "workflows": workflows,
    }


def _drawn(key: str, url: str, status: PackStatus, calls: Calls | None) -> Tree:
    root = Tree(Text.assemble((f"Pack {key}", "bold"), (f"  {scrub(url)}", "dim")))
    if status.last_applied_revision is None:
        root.add(Text("nothing was applied yet", "dim"))
        return root
    subject = f"  {scrub(status.commit.subject)}" if status.commit else ""
    revision = Text.assemble(shortened(status.last_applied_revision), (subject, "dim"))
    branch = root.add(revision)
    for one in status.workflows:
        leaf = branch.add(Text.assemble(scrub(one.ref), (f"  {scrub(one.file)}", "dim")))
        for action in (calls or {}).get(one.ref, ()):
            leaf.add(Text(scrub(action), "cyan"))
    left = (status.workflow_count or 0) - len(status.workflows)
    if left > 0:
        branch.add(Text(f"… and {left} more that the status leaves out", "dim"))
    return root
