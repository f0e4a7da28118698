"""What was applied is kept exactly, each content once, and can be applied again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from controller.pack.content import CompiledWorkflow, PackManifest
from controller.pack.identity import COMMAND_LINE, AskedBy
from controller.pack.tree import Commit
from controller.store import Policy, RecordedRevision, Store, SyncRequest
from tests.store.by_hand import create_executions, run_execution
from tests.store.make import (
    MANIFEST,
    TEAM_A,
    column,
    content,
    past,
    query,
    request,
    row_versions,
    workflow,
    workflows,
)

_BODIES = "SELECT count(*) FROM attune_gitops.bodies"
_SOUND = (
    "SELECT DISTINCT digest = encode(sha256(convert_to(document, 'UTF8')), 'hex')"
    " FROM attune_gitops.bodies"
)


def _revision(store: Store, number: int) -> RecordedRevision:
    found = store.revision("demo", number)
    assert found
    return found


def _again(store: Store, recorded: RecordedRevision) -> SyncRequest:
    """The request that applies a recorded revision, made of nothing else."""
    assert recorded.manifest
    entry = recorded.entry
    return replace(
        request(store, recorded.workflows, manifest=recorded.manifest),
        revision=entry.revision,
        commit=entry.commit,
        tree_oid=entry.tree_oid,
        source_url=entry.source_url,
        source_ref=entry.source_ref,
        details=entry.details,
    )


def test_a_revision_tells_who_made_the_commit_and_who_had_it_applied(store: Store) -> None:
    details = Commit("Grace", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), "Greet\x1b[2J all\udcff")
    asked = request(store, workflows("a", "b"), commit="c1")
    store.sync(replace(asked, asked_by=AskedBy.REQUEST, details=details))
    [entry] = store.history("demo")
    assert (entry.number, entry.revision, entry.commit) == (1, "main@sha1:c1", "c1")
    assert (entry.owner, entry.asked_by) == (TEAM_A, AskedBy.REQUEST)
    assert entry.details == replace(details, subject="Greet\\u001b[2J all?")
    assert (entry.created, entry.pack_changed, entry.version) == (2, True, "1.0.0")
    assert (entry.source_url, entry.source_ref) == (asked.source_url, "main")
    assert (entry.tree_oid, entry.inputs) == ("tree of c1", "inputs")


def test_a_recorded_revision_is_what_was_asked_for_to_the_letter(store: Store) -> None:
    odd = workflow("stem", text="é \U0001f600 \\u0000 1e2", description=None, ref="demo.odd")
    asked = request(store, [workflow("a"), odd], commit="c1")
    store.sync(asked)
    store.sync(request(store, workflows("a", text="new"), commit="c2"))
    found = _revision(store, 1)
    assert found.workflows == asked.workflows
    assert found.manifest == asked.manifest
    assert found.missing == ()
    assert [one.entrypoint for one in found.workflows] == [
        "workflows/a.workflow.yaml",
        "workflows/stem.workflow.yaml",
    ]


def test_a_text_stays_as_it_was_where_this_program_would_write_another() -> None:
    made = workflow("a")
    spaced = made.document.replace(",", " , ")
    found = CompiledWorkflow.recorded(spaced, file=made.file, blob=made.blob)
    assert found.document == spaced
    assert found.digest != made.digest
    assert replace(MANIFEST) == PackManifest.recorded(MANIFEST.document)


def test_every_revision_can_be_applied_again(store: Store, url: str) -> None:
    states = []
    for number, names in enumerate(["ab", "bc", "c"], start=1):
        newer = replace(MANIFEST, version=f"{number}.0.0")
        made = [workflow(name, text=str(number) if name == "b" else "") for name in names]
        store.sync(request(store, made, manifest=newer, commit=f"c{number}"))
        states.append(content(url))
    for number, state in reversed(list(enumerate(states, start=1))):
        receipt = store.sync(_again(store, _revision(store, number)))
        assert content(url) == state
        if number != 3:
            assert receipt.number == 6 - number
    assert not store.sync(_again(store, _revision(store, 1))).wrote


def test_a_content_is_stored_once(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    store.sync(request(store, [*workflows("a"), workflow("b", text="new")], commit="c2"))
    assert column(url, _BODIES) == [3]
    store.sync(request(store, workflows("a", "b"), commit="c3"))
    assert column(url, _BODIES) == [3]
    assert column(url, _SOUND) == [True]


def test_nothing_is_kept_of_a_sync_that_changed_nothing(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), commit="c1"))
    before = past(url), row_versions(url)["attune_gitops.revisions"]
    receipt = store.sync(request(store, workflows("a"), commit="c2"))
    assert receipt.wrote
    assert receipt.number == 1
    assert (past(url), row_versions(url)["attune_gitops.revisions"]) == before
    assert not store.sync(request(store, workflows("a"), commit="c2")).wrote


def test_what_stays_though_git_lost_it_is_part_of_the_revision(store: Store) -> None:
    """Not what only running executions keep: that is on its way out."""
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    kept = Policy(keep=frozenset({"demo.b"}))
    store.sync(request(store, workflows("a", text="new"), policy=kept, commit="c2"))
    found = _revision(store, 2)
    assert found.workflows == (workflow("a", text="new"), workflow("b"))
    assert (found.entry.updated, found.entry.skipped) == (1, 1)


def test_what_running_executions_keep_is_not_part_of_the_revision(store: Store, url: str) -> None:
    create_executions(url)
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    run_execution(url, "demo.b", "running")
    store.sync(request(store, workflows("a", text="new"), commit="c2"))
    found = _revision(store, 2)
    assert found.workflows == (workflow("a", text="new"),)
    assert found.entry.blocked == 1


def test_a_revision_without_workflows_is_one(store: Store) -> None:
    store.sync(request(store, [], commit="c1"))
    found = _revision(store, 1)
    assert (found.manifest, found.workflows, found.missing) == (MANIFEST, (), ())


@pytest.mark.parametrize(
    ("limit", "before", "numbers"),
    [(20, None, [3, 2, 1]), (2, None, [3, 2]), (2, 3, [2, 1]), (20, 1, [])],
)
def test_the_history_is_read_in_pages(
    store: Store, limit: int, before: int | None, numbers: list[int]
) -> None:
    for number in range(1, 4):
        store.sync(request(store, workflows("a", text=str(number)), commit=str(number)))
    found = store.history("demo", limit=limit, before=before)
    assert [entry.number for entry in found] == numbers


def test_what_was_never_applied_has_no_history(store: Store) -> None:
    assert store.history("demo") == ()
    assert store.revision("demo", 1) is None


def test_a_pack_that_is_gone_and_comes_back_goes_on_counting(store: Store) -> None:
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    store.remove(TEAM_A)
    assert _revision(store, 1).workflows == workflows("a", "b")
    receipt = store.sync(request(store, workflows("a"), owner=COMMAND_LINE, commit="c2"))
    assert receipt.number == 2
    assert [entry.owner for entry in store.history("demo")] == [COMMAND_LINE, TEAM_A]


def test_what_an_older_program_recorded_is_completed_by_the_next_sync(
    store: Store, url: str
) -> None:
    asked = request(store, workflows("a", "b"), commit="c1")
    store.sync(asked)
    query(
        url,
        "UPDATE attune_gitops.revisions SET manifest = NULL, refs = NULL, digests = NULL,"
        " files = NULL, blobs = NULL; DELETE FROM attune_gitops.bodies",
    )
    bare = _revision(store, 1)
    assert (bare.entry.is_complete, bare.manifest, bare.workflows) == (False, None, ())
    assert store.sync(asked).number == 1
    assert _revision(store, 1).workflows == asked.workflows
    assert not store.sync(asked).wrote


def test_a_body_that_nobody_recorded_is_named(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    query(url, "DELETE FROM attune_gitops.bodies WHERE document LIKE '%demo.b%'")
    found = _revision(store, 1)
    assert (found.workflows, found.missing) == (workflows("a"), ("demo.b",))
    store.sync(request(store, [*workflows("b"), workflow("a", text="new")], commit="c2"))
    assert _revision(store, 1).missing == ()
