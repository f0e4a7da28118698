"""`packctl describe`: all that is known of a Pack, for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from controller.cli.clustered import Kubeconfig, Namespace, one_pack
from controller.cli.columns import Cell, columns
from controller.cli.completing import PackName
from controller.cli.events import event_row
from controller.cli.output import screen
from controller.cli.table import COLOURS, Body, age
from controller.pack.naming import shortened
from controller.redact import scrub

_LABEL = 14


def describe(name: PackName, namespace: Namespace = None, kubeconfig: Kubeconfig = None) -> None:
    """Tell what a Pack follows, how it is, what is wrong with it, and what happened.

    For programs, `packctl get PACK -o json` has the same and more.

    Exit codes: 0 told, 2 there is no such Pack, or the cluster cannot be
    reached.

    Examples:

      packctl describe payments -n team-a
    """
    with one_pack(name, namespace, kubeconfig) as pack:
        body = pack.read().body
        happened = pack.cluster.list_events(pack.key)
    now = datetime.now(UTC)
    out = screen()
    for label, value in _facts(body, now):
        if value:
            out.print(
                Text.assemble((f"{label + ':':<{_LABEL}}", "dim"), scrub(value)), soft_wrap=True
            )
    for title, head, rows in _tables(body, happened, now):
        if not rows:
            continue
        out.print(Text(f"\n{title}", "bold"))
        for line in columns(head, rows):
            out.print(Text("  ").append_text(line), soft_wrap=True)


def _facts(pack: Body, now: datetime) -> Iterator[tuple[str, str]]:
    metadata, spec, status = pack["metadata"], pack.get("spec") or {}, pack.get("status") or {}
    git, known = spec.get("git") or {}, status.get("pack") or {}
    yield "Name", metadata["name"]
    yield "Namespace", metadata["namespace"]
    labels = metadata.get("labels") or {}
    yield "Labels", ", ".join(f"{key}={value}" for key, value in sorted(labels.items()))
    yield "Age", age(metadata.get("creationTimestamp"), now)
    yield "Pack", " ".join(filter(None, (known.get("ref"), known.get("version"))))
    yield "URL", str(git.get("url", ""))
    yield "Follows", ", ".join(f"{key} {value}" for key, value in (git.get("ref") or {}).items())
    yield "Path", str(git.get("path", ""))
    yield "Suspended", "yes" if spec.get("suspend") else ""
    yield "Revision", shortened(status.get("lastAppliedRevision") or "")
    yield "Commit", _commit(status.get("commit"))
    yield "Seen last", shortened(status.get("lastAttemptedRevision") or "")
    yield "Synced", _ago(status.get("lastSyncTime"), now)
    yield "Tried again", str(status.get("nextSyncTime") or "")
    yield "Workflows", str(status.get("workflowCount", ""))
    yield "Waiting", _waiting(status.get("pendingRevision"))
    yield "Rollback", _rollback(status.get("rollback"))
    yield "Drift", _drift(status.get("drift"))


def _commit(commit: Body | None) -> str:
    return f"{commit['author']}: {commit.get('subject', '')}" if commit else ""


def _ago(time: str | None, now: datetime) -> str:
    return f"{age(time, now)} ago" if time else ""


def _waiting(pending: Body | None) -> str:
    return f"{shortened(pending['revision'])} waits for `packctl approve`" if pending else ""


def _rollback(rollback: Body | None) -> str:
    if not rollback:
        return ""
    return f"{rollback['state']}, revision {rollback['revision']}, until {rollback['until']}"


def _drift(drift: Body | None) -> str:
    if not drift:
        return ""
    total, corrected = drift.get("totalCount", 0), drift.get("correctedCount", 0)
    return f"{total} found changed, {corrected} of them put right, at {drift['time']}"


def _tables(
    pack: Body, happened: list[Body], now: datetime
) -> Iterator[tuple[str, tuple[str, ...], list[list[Cell]]]]:
    status = pack.get("status") or {}
    conditions = [_condition(one, now) for one in status.get("conditions") or ()]
    yield "Conditions", ("TYPE", "STATUS", "SINCE", "REASON", "MESSAGE"), conditions
    validation = status.get("validation") or {}
    problems = [_problem(one) for one in validation.get("diagnostics") or ()]
    more = ", the first of them" if validation.get("truncated") else ""
    yield f"Problems{more}", ("SEVERITY", "CODE", "PLACE", "MESSAGE"), problems
    history = [_applied(one, now) for one in status.get("history") or ()]
    yield "History", ("NUMBER", "REVISION", "APPLIED", "CHANGES"), history
    events = [event_row(one, now) for one in happened]
    yield "Events", ("LAST SEEN", "TYPE", "REASON", "MESSAGE"), events


def _condition(one: Body, now: datetime) -> list[Cell]:
    truth = str(one["status"])
    colour = "" if one["type"] in {"Reconciling", "Stalled"} else COLOURS.get(truth, "")
    since = age(one.get("lastTransitionTime"), now)
    return [one["type"], (truth, colour), since, one["reason"], str(one.get("message", ""))]


def _problem(one: Body) -> list[Cell]:
    colour = "red" if one["severity"] == "Error" else "yellow"
    place = f"{one['file']}:{one['line']}:{one['column']}"
    return [(one["severity"], colour), one["code"], place, one["message"]]


def _applied(one: dict[str, Any], now: datetime) -> list[Cell]:
    counts = ((one.get(kind, 0), kind) for kind in ("created", "updated", "pruned"))
    done = ", ".join(f"{count} {kind}" for count, kind in counts if count)
    when = _ago(one.get("time"), now)
    return [str(one.get("number") or "-"), shortened(one["revision"]), when, done or "-"]
