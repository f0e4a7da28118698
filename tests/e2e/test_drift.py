"""What a Pack says of rows that others changed, and what becomes of them."""

from __future__ import annotations

import psycopg
from psycopg import sql

from hack.packrepo import pack, workflow_yaml
from tests.e2e.pack import Event, Pack, Report
from tests.e2e.site import Site
from tests.e2e.waiting import eventually

FIRST, SECOND = "workflows/workflow_001.yaml", "workflows/workflow_002.yaml"


def test_drift_is_put_right_and_told(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=2))
    followed = site.follow(ref)
    followed.wait()
    healthy = _labels(site, ref)

    _relabel(site, "action", f"{ref}.workflow_001")
    _delete(site, "workflow_definition", f"{ref}.workflow_002")
    _relabel(site, "pack", ref)
    seen = followed.reconcile()

    assert _labels(site, ref) == healthy
    assert seen.summary()["Ready"] == ("True", "Succeeded")
    assert seen.summary()["DriftFree"] == ("True", "DriftCorrected")
    assert seen.message("DriftFree") == (
        f"3 rows were changed by others, and put right: {ref}: pack changed (label); "
        f"{ref}.workflow_001: action changed (action.label) (and 1 more)."
    )
    assert _told(seen) == {
        ref: ["PackChanged"],
        f"{ref}.workflow_001": ["ActionChanged"],
        f"{ref}.workflow_002": ["DefinitionDeleted"],
    }
    told = eventually(lambda: _events(followed), followed.events)
    assert told == [Event("Warning", "DriftCorrected", seen.message("DriftFree"))]

    again = followed.reconcile()
    assert again.status.drift == seen.status.drift
    followed.reconcile()
    assert _events(followed) == told


def test_no_row_of_a_workflow_stays_without_the_other(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=3))
    followed = site.follow(ref)
    followed.wait()
    healthy = _labels(site, ref)
    first, second, third = (f"{ref}.workflow_00{number}" for number in (1, 2, 3))

    _unlink(site, first)
    _delete(site, "workflow_definition", first)
    _delete(site, "action", second)
    _unlink(site, third)
    seen = followed.reconcile()

    assert _told(seen) == {
        first: ["DefinitionDeleted", "ActionUnlinked"],
        second: ["ActionDeleted"],
        third: ["ActionUnlinked"],
    }
    assert seen.summary()["DriftFree"] == ("True", "DriftCorrected")
    assert _labels(site, ref) == healthy
    definitions, actions = site.definitions(ref), site.actions(ref)
    assert {name: row["workflow_def"] for name, row in actions.items()} == {
        name: row["id"] for name, row in definitions.items()
    }


def test_drift_is_reported_until_it_is_gone(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=2))
    followed = site.follow(ref, driftPolicy="Warn")
    assert followed.wait().summary()["DriftFree"] == ("True", "Succeeded")
    label = site.actions(ref)[f"{ref}.workflow_001"]["label"]

    _relabel(site, "action", f"{ref}.workflow_001")
    rows = site.everything(ref)
    seen = followed.reconcile()
    assert seen.summary()["Ready"] == ("True", "Succeeded")
    assert seen.summary()["DriftFree"] == ("False", "DriftDetected")
    assert seen.status.drift
    [row] = seen.status.drift.rows
    [change] = row.changes
    assert (change.field, change.applied, change.found) == ("action.label", label, "by hand")
    assert followed.reconcile().status.drift == seen.status.drift
    assert site.everything(ref) == rows

    repo.commit({SECOND: workflow_yaml(f"{ref}.workflow_002", 3)})
    pushed = followed.reconcile()
    assert pushed.status.drift == seen.status.drift
    assert site.actions(ref)[f"{ref}.workflow_001"]["label"] == "by hand"

    repo.commit({FIRST: workflow_yaml(f"{ref}.workflow_001", 3)})
    written = followed.reconcile()
    assert written.summary()["DriftFree"] == ("True", "DriftCorrected")
    assert site.actions(ref)[f"{ref}.workflow_001"]["label"] == label

    _relabel(site, "action", f"{ref}.workflow_001")
    followed.reconcile()
    _relabel(site, "action", f"{ref}.workflow_001", label)
    assert followed.reconcile().summary()["DriftFree"] == ("True", "DriftResolved")
    eventually(lambda: len(_events(followed)) == 4, followed.events)
    assert [(one.type, one.reason) for one in _events(followed)] == [
        ("Warning", "DriftDetected"),
        ("Warning", "DriftCorrected"),
        ("Warning", "DriftDetected"),
        ("Normal", "DriftResolved"),
    ]


def test_ignored_drift_is_neither_told_nor_touched(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=1))
    followed = site.follow(ref, driftPolicy="Warn")
    followed.wait()
    _delete(site, "action", f"{ref}.workflow_001")
    assert followed.reconcile().status.drift

    site.follow(ref, driftPolicy="Ignore")
    ignored = followed.wait()
    assert "DriftFree" not in ignored.summary()
    assert ignored.status.drift is None
    assert site.actions(ref) == {}

    site.follow(ref)
    followed.wait("DriftFree", reason="DriftCorrected")
    assert list(site.actions(ref)) == [f"{ref}.workflow_001"]


def _relabel(site: Site, table: str, ref: str, label: str = "by hand") -> None:
    text = sql.SQL("UPDATE {} SET label = %s WHERE ref = %s")
    with psycopg.connect(site.database) as connection:
        connection.execute(text.format(sql.Identifier("attune", table)), (label, ref))


def _delete(site: Site, table: str, ref: str) -> None:
    text = sql.SQL("DELETE FROM {} WHERE ref = %s")
    with psycopg.connect(site.database) as connection:
        connection.execute(text.format(sql.Identifier("attune", table)), (ref,))


def _unlink(site: Site, ref: str) -> None:
    """Take an action from its workflow."""
    with psycopg.connect(site.database) as connection:
        text = "UPDATE attune.action SET workflow_def = NULL WHERE ref = %s"
        connection.execute(text, (ref,))


def _events(pack: Pack) -> list[Event]:
    """Those that tell of drift."""
    return [one for one in pack.events() if one.reason.startswith("Drift")]


def _labels(site: Site, ref: str) -> list[str]:
    found, definitions, actions = site.everything(ref)
    rows = [*definitions.values(), *actions.values()]
    return [row["label"] for row in ([found] if found else []) + rows]


def _told(seen: Report) -> dict[str, list[str]]:
    assert seen.status.drift
    return {row.ref: [one.value for one in row.happened] for row in seen.status.drift.rows}
