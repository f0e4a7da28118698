"""What the history tells of attempts: each that did something, and each failure once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import pytest

from controller.errors import Reason, Stage, Stalled, Transient, Waiting
from controller.pack.identity import COMMAND_LINE, AskedBy
from controller.pack.outcome import Failure, Outcome
from controller.pack.source import Look, Observed
from controller.pack.spec import DeletionPolicy
from controller.reconcile import Asker, Reconciler
from controller.reconcile.attempt import DIAGNOSTIC_BYTES
from controller.store import AttemptEntry, DatabaseSettings, Retention, Store
from controller.validate import Memo
from hack.packrepo import pack
from tests.reconcile.conftest import MINE, THEIRS, Ask, write
from tests.store.by_hand import create_executions, run_execution
from tests.store.make import column, query, row_versions

_BROKEN = {"workflows/workflow_001.yaml": "ref: demo.workflow_001\n"}
_KEPT = 6


@dataclass
class Away:
    """A repository that cannot be reached, told of in other words each time."""

    looks: int = 0

    def observe(self, _look: Look) -> Observed:
        self.looks += 1
        raise Transient(Reason.GIT_UNREACHABLE, f"No answer within {self.looks} s.")

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        raise AssertionError(oids)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store(DatabaseSettings(database), retention=Retention(attempts=_KEPT)) as opened:
        yield opened


@pytest.fixture
def reconciler(store: Store) -> Reconciler:
    return Reconciler(store, Memo())


def _told(store: Store) -> list[tuple[str, int | None]]:
    """What came of the attempts on the pack, oldest first, and which revision each made."""
    return [(one.reason, one.number) for one in reversed(store.attempts("demo"))]


def _last(store: Store) -> AttemptEntry:
    return store.attempts("demo", limit=1)[0]


def test_a_sync_is_kept_with_its_revision_and_its_warnings(
    reconciler: Reconciler, store: Store, ask: Ask
) -> None:
    outcome = reconciler.reconcile(replace(ask(), asked_by=AskedBy.REQUEST))
    kept = _last(store)
    assert (kept.asked_by, kept.reason, kept.stage, kept.number) == ("request", "Succeeded", "", 1)
    assert (kept.owner, kept.generation, kept.pack_ref) == (MINE, 1, "demo")
    assert kept.revision == str(outcome.revision)
    assert outcome.findings
    assert kept.warnings == len(outcome.findings.diagnostics) == len(kept.diagnostics) > 0
    assert "2 workflows" in kept.message
    assert store.history("demo")[0].asked_by is AskedBy.REQUEST


def test_what_found_nothing_new_is_not_kept(
    reconciler: Reconciler, store: Store, ask: Ask, database: str
) -> None:
    first = reconciler.reconcile(ask())
    before = row_versions(database)
    reconciler.reconcile(ask())
    reconciler.reconcile(ask(reported=str(first.revision)))
    assert _told(store) == [("Succeeded", 1)]
    assert row_versions(database) == before


def test_a_commit_that_leaves_the_pack_alone_is_an_attempt_without_a_revision(
    reconciler: Reconciler, store: Store, ask: Ask, folder: Path
) -> None:
    reconciler.reconcile(ask())
    write(folder, {"README.md": "Read me"})
    reconciler.reconcile(ask())
    assert _told(store) == [("Succeeded", 1), ("Succeeded", None)]


def test_a_refusal_is_kept_once_with_its_diagnostics(
    reconciler: Reconciler, store: Store, ask: Ask, folder: Path, database: str
) -> None:
    reconciler.reconcile(ask())
    write(folder, _BROKEN)
    for _ in range(3):
        reconciler.reconcile(ask())
    assert _told(store) == [("Succeeded", 1), ("ValidationFailed", None)]
    kept = _last(store)
    assert kept.stage == "Validated"
    assert kept.errors > 0
    first = kept.diagnostics[0]
    assert isinstance(first, dict)
    assert (first["severity"], first["file"]) == ("Error", "workflows/workflow_001.yaml")
    write(folder, {"workflows/workflow_001.yaml": "["})
    reconciler.reconcile(ask())
    write(folder, pack("demo", 2))
    reconciler.reconcile(ask())
    reasons = [reason for reason, _ in _told(store)]
    assert reasons == ["Succeeded", "ValidationFailed", "ValidationFailed", "Succeeded"]
    assert column(database, "SELECT count(*) FROM attune_gitops.revisions") == [1]


def test_diagnostics_are_bounded_and_counted(
    reconciler: Reconciler, store: Store, ask: Ask, folder: Path
) -> None:
    write(folder, {f"workflows/w{number:04}.yaml": "ref: demo.w\n" for number in range(300)})
    reconciler.reconcile(ask(ref="demo"))
    kept = _last(store)
    assert 0 < len(kept.diagnostics) < kept.errors
    size = len(json.dumps(kept.diagnostics))
    assert DIAGNOSTIC_BYTES / 2 < size < DIAGNOSTIC_BYTES * 1.1


def test_an_outage_is_kept_once_and_so_is_its_end(
    reconciler: Reconciler, store: Store, ask: Ask
) -> None:
    reconciler.reconcile(ask())
    away = replace(ask(), source=Away())
    for _ in range(2):
        for _ in range(3):
            reconciler.reconcile(away)
        for _ in range(2):
            reconciler.reconcile(ask())
    outage = [("GitUnreachable", None), ("Succeeded", None)]
    assert _told(store) == [("Succeeded", 1), *outage, *outage]


def test_a_pack_that_never_worked_is_found_by_its_owner(
    reconciler: Reconciler, store: Store, ask: Ask
) -> None:
    reconciler.reconcile(replace(ask(), source=Away()))
    [kept] = store.attempts(MINE)
    assert (kept.reason, kept.pack_ref, kept.revision) == ("GitUnreachable", "", "")
    assert store.attempts("demo") == store.attempts("") == store.attempts(THEIRS) == ()


def test_the_command_line_has_no_attempts_before_it_has_a_pack(
    reconciler: Reconciler, store: Store, ask: Ask
) -> None:
    reconciler.reconcile(replace(ask(COMMAND_LINE), source=Away()))
    assert store.attempts(COMMAND_LINE) == ()
    reconciler.reconcile(replace(ask(COMMAND_LINE, ref="demo"), source=Away()))
    reconciler.reconcile(ask(COMMAND_LINE))
    assert _told(store) == [("GitUnreachable", None), ("Succeeded", 1)]
    assert store.attempts(COMMAND_LINE) == ()


def test_a_prune_that_waits_is_kept_once_for_what_it_waits_for(
    reconciler: Reconciler, store: Store, ask: Ask, folder: Path, database: str
) -> None:
    reconciler.reconcile(ask())
    create_executions(database)
    run_execution(database, "demo.workflow_002", "running")
    write(folder, {"workflows/workflow_002.yaml": None})
    for _ in range(3):
        reconciler.reconcile(ask())
    assert _told(store) == [("Succeeded", 1), ("PruneBlocked", None)]
    query(database, "UPDATE attune.workflow_execution SET status = 'completed'")
    reconciler.reconcile(ask())
    assert _told(store)[-1] == ("Succeeded", 2)


def test_a_sync_that_left_something_out_is_told_of_as_such(
    reconciler: Reconciler, store: Store, ask: Ask, folder: Path
) -> None:
    write(folder, _BROKEN)
    for _ in range(2):
        reconciler.reconcile(ask(validation={"onInvalid": "Skip"}))
    assert _told(store) == [("PartiallySynced", 1)]


def test_a_conflict_stands_beside_the_attempts_of_the_packs_owner(
    reconciler: Reconciler, store: Store, ask: Ask
) -> None:
    reconciler.reconcile(ask())
    for _ in range(2):
        reconciler.reconcile(ask(THEIRS))
    assert _told(store) == [("Succeeded", 1), ("RefConflict", None)]
    assert [one.reason for one in store.attempts(THEIRS)] == ["RefConflict"]


def test_an_edit_of_the_spec_is_news(reconciler: Reconciler, store: Store, ask: Ask) -> None:
    away = replace(ask(ref="demo"), source=Away())
    reconciler.reconcile(away)
    reconciler.reconcile(replace(away, generation=2))
    assert [one.generation for one in store.attempts(MINE)] == [2, 1]


def test_only_the_newest_are_kept(
    reconciler: Reconciler, store: Store, ask: Ask, folder: Path
) -> None:
    reconciler.reconcile(ask(THEIRS, ref="other"))
    for number in range(_KEPT + 3):
        write(folder, {"README.md": str(number)})
        reconciler.reconcile(ask())
    assert len(store.attempts(MINE)) == _KEPT
    assert _last(store).id > _KEPT
    assert len(store.attempts(THEIRS)) == 1
    assert [one.id for one in store.attempts(MINE, limit=2, before=_last(store).id)] == [
        _last(store).id - 1,
        _last(store).id - 2,
    ]


@pytest.mark.parametrize("policy", DeletionPolicy)
def test_the_end_of_a_pack_is_an_attempt(
    reconciler: Reconciler, store: Store, ask: Ask, policy: DeletionPolicy
) -> None:
    done = reconciler.reconcile(ask())
    reconciler.remove(Asker(MINE, 1, AskedBy.DELETION), policy)
    kept = _last(store)
    assert (kept.asked_by, kept.reason, kept.revision) == (
        AskedBy.DELETION, "Succeeded", str(done.revision),
    )  # fmt: skip
    assert kept.message.startswith("Removed" if policy is DeletionPolicy.DELETE else "Gave")


def test_a_removal_that_waits_is_kept_once(
    reconciler: Reconciler, store: Store, ask: Ask, database: str
) -> None:
    reconciler.reconcile(ask())
    create_executions(database)
    run_execution(database, "demo.workflow_002", "running")
    for _ in range(3):
        with pytest.raises(Waiting):
            reconciler.remove(Asker(MINE, 1, AskedBy.DELETION), DeletionPolicy.DELETE)
    assert _told(store) == [("Succeeded", 1), ("PruneBlocked", None)]


def test_what_failed_before_the_reconcile_can_be_noted(
    reconciler: Reconciler, store: Store, ask: Ask
) -> None:
    error = Stalled(Reason.INVALID_SPEC, "spec.git is not valid.", hint="Correct it.")
    failed = Outcome("", "", failure=Failure(Stage.FETCHED, error))
    reconciler.reconcile(ask())
    for _ in range(2):
        reconciler.note(Asker(MINE, 2, AskedBy.SPEC), failed)
    kept = _last(store)
    assert (kept.pack_ref, kept.message, kept.hint) == ("demo", error.message, error.hint)
    assert len(store.attempts("demo")) == 2


def test_a_database_that_is_away_is_not_waited_for(ask: Ask) -> None:
    """Once to find out, and not again to keep a record of it."""
    settings = DatabaseSettings(
        "postgresql://nobody@127.0.0.1:1/nothing", connect_timeout=0.1, patience=0.1
    )
    with Store(settings) as store, mock.patch.object(store, "note") as note:
        outcome = Reconciler(store, Memo()).reconcile(ask())
    assert outcome.failure
    assert outcome.failure.error.reason is Reason.DATABASE_UNAVAILABLE
    note.assert_not_called()


def test_a_record_that_fails_fails_nothing_else(
    reconciler: Reconciler, store: Store, ask: Ask, database: str
) -> None:
    store.migrate()
    query(database, "ALTER TABLE attune_gitops.attempts ADD CHECK (reason <> 'GitUnreachable')")
    outcome = reconciler.reconcile(replace(ask(), source=Away()))
    assert outcome.failure
    assert outcome.failure.error.reason is Reason.GIT_UNREACHABLE


def test_two_controllers_that_fail_alike_keep_little(
    reconciler: Reconciler, store: Store, ask: Ask
) -> None:
    store.migrate()

    def fail() -> None:
        for _ in range(10):
            reconciler.reconcile(replace(ask(), source=Away()))

    threads = [threading.Thread(target=fail) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert 1 <= len(store.attempts(MINE)) <= 2
