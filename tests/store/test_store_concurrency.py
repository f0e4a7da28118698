"""Readers beside a sync, and several syncs of one pack at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import psycopg
import pytest

from controller.errors import PackError, Reason, Stalled
from controller.pack.identity import Owner
from controller.store import DatabaseSettings, Receipt, Removal, Store, SyncRequest
from tests.store.by_hand import create_executions, run_execution
from tests.store.make import (
    MANIFEST,
    TEAM_A,
    TEAM_B,
    column,
    refs,
    request,
    workflow,
    workflows,
)

_WAITING_FOR_THE_LOCK = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'"
)

_WAITING_FOR_A_ROW = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def _commit(store: Store, number: int, *, sequence: int | None = None) -> SyncRequest:
    """A commit that shows its number in each row, and has its own set of workflows."""
    names = [f"w{index}" for index in range(5 + number % 3)]
    return request(
        store,
        [workflow(name, text=str(number), label=str(number)) for name in names],
        manifest=replace(MANIFEST, label=str(number)),
        commit=str(number),
        sequence=sequence,
    )


def test_a_reader_sees_one_commit_and_never_a_mix(store: Store, url: str) -> None:
    store.sync(_commit(store, 0))
    finished = threading.Event()

    def read() -> list[tuple[str, ...]]:
        seen = []
        with psycopg.connect(url, autocommit=True) as connection:
            while not finished.is_set():
                seen += connection.execute(
                    "SELECT array_agg(DISTINCT t), count(*) FROM ("
                    " SELECT label AS t FROM attune.pack"
                    " UNION ALL SELECT definition->>'t' FROM attune.workflow_definition"
                    " UNION ALL SELECT label FROM attune.action) AS all_rows"
                ).fetchall()
        return seen

    with ThreadPoolExecutor(1) as readers:
        reading = readers.submit(read)
        for number in range(1, 25):
            store.sync(_commit(store, number))
        finished.set()
        seen = reading.result(timeout=60)
    assert len(seen) > 1
    for labels, rows in seen:
        assert len(labels) == 1
        assert int(rows) == 1 + 2 * (5 + int(labels[0]) % 3)


def test_the_newest_of_many_syncs_at_once_stays(url: str) -> None:
    with Store(DatabaseSettings(url, max_connections=4)) as store:
        numbers = [7, 2, 11, 4, 12, 1, 9, 3, 10, 6, 8, 5]
        asked = [_commit(store, number, sequence=number) for number in numbers]
        outcomes = _all_at_once(store, asked)
    refused = [error.reason for error in outcomes if isinstance(error, PackError)]
    assert set(refused) <= {Reason.SUPERSEDED}
    assert column(url, "SELECT DISTINCT definition->>'t' FROM attune.workflow_definition") == ["12"]
    assert column(url, "SELECT commit FROM attune_gitops.claims") == ["12"]


def test_of_two_packs_at_once_one_gets_the_ref(url: str) -> None:
    with Store(DatabaseSettings(url)) as store:
        asked = [
            request(store, workflows(owner.namespace), owner=owner) for owner in (TEAM_A, TEAM_B)
        ]
        outcomes = _all_at_once(store, asked)
    [receipt] = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    [error] = [outcome for outcome in outcomes if isinstance(outcome, PackError)]
    assert error.reason is Reason.REF_CONFLICT
    assert refs(url) == list(receipt.created)


_RIVALS = [
    Owner(f"uid {cluster} {namespace}", namespace, "payments", cluster)
    for cluster in ("east", "west")
    for namespace in ("team-a", "team-b")
]


def test_of_all_that_want_one_ref_one_gets_it_and_keeps_it(url: str) -> None:
    """Two namespaces of two clusters, each with a controller of its own."""
    with ExitStack() as stack:
        stores = [stack.enter_context(Store(DatabaseSettings(url))) for _ in _RIVALS]
        for number in range(25):
            ref = f"wanted{number}"
            won = _wanted_by_all(stores, ref)
            for rival in _RIVALS:
                if rival != won:
                    assert stores[0].remove(rival).pack_ref == ""
            kept = refs(url)
            assert kept == [f"{ref}.{won.cluster}_{won.namespace}".replace("-", "_")]
            # Deleted, and made again elsewhere.
            stores[0].remove(won)
            assert refs(url) == []
            [other] = [one for one in _RIVALS if (one.cluster, one.namespace) == _opposite(won)]
            stores[1].sync(_want(stores[1], ref, other))
            stores[1].remove(other)


def _wanted_by_all(stores: list[Store], ref: str) -> Owner:
    """The one that got the ref, when all of them ask for it three times at once."""
    start = threading.Barrier(len(_RIVALS))

    def insist(store: Store, owner: Owner) -> list[bool]:
        start.wait(timeout=30)
        return [_gets(store, ref, owner) for _ in range(3)]

    with ThreadPoolExecutor(len(_RIVALS)) as rivals:
        outcomes = list(rivals.map(insist, stores, _RIVALS))
    assert all(len(set(each)) == 1 for each in outcomes)
    [won] = [owner for owner, each in zip(_RIVALS, outcomes, strict=True) if each[0]]
    [holder] = stores[0].holders(ref)
    assert holder.owner == won
    return won


def _gets(store: Store, ref: str, owner: Owner) -> bool:
    try:
        store.sync(_want(store, ref, owner))
    except Stalled as error:
        if error.reason is not Reason.REF_CONFLICT:
            raise
        return False
    return True


def _want(store: Store, ref: str, owner: Owner) -> SyncRequest:
    name = f"{owner.cluster}_{owner.namespace}".replace("-", "_")
    manifest = replace(MANIFEST, ref=ref)
    return request(store, [workflow(name, pack=ref)], owner=owner, manifest=manifest, commit=name)


def _opposite(owner: Owner) -> tuple[str, str]:
    """Another namespace of another cluster."""
    cluster = "west" if owner.cluster == "east" else "east"
    return cluster, "team-b" if owner.namespace == "team-a" else "team-a"


def test_one_owner_with_two_refs_at_once_gets_one(url: str) -> None:
    with Store(DatabaseSettings(url)) as store:
        asked = [
            request(store, [], manifest=replace(MANIFEST, ref=ref)) for ref in ("first", "second")
        ]
        outcomes = _all_at_once(store, asked)
    [error] = [outcome for outcome in outcomes if isinstance(outcome, PackError)]
    assert error.reason is Reason.REF_CONFLICT
    assert len(column(url, "SELECT ref FROM attune.pack")) == 1


def test_a_look_that_waited_for_a_newer_one_is_discarded(url: str) -> None:
    """The older sync starts while the newer one is in its transaction, and must see its result."""
    late: list[Future[Receipt]] = []

    def start_late(statement: str) -> None:
        if statement == "write_claim":
            late.append(others.submit(second.sync, old))
            _wait_for(lambda: bool(column(url, _WAITING_FOR_THE_LOCK)))

    with (
        Store(DatabaseSettings(url), on_statement=start_late) as first,
        Store(DatabaseSettings(url)) as second,
        ThreadPoolExecutor(1) as others,
    ):
        old = request(second, workflows("old"), sequence=1, commit="c1")
        first.sync(request(second, workflows("new"), sequence=2, commit="c2"))
        error = late[0].exception(timeout=60)
    assert isinstance(error, PackError)
    assert error.reason is Reason.SUPERSEDED
    assert refs(url) == ["demo.new"]


def test_a_removal_waits_for_the_sync_under_way(url: str) -> None:
    removals: list[Future[Removal]] = []

    def remove_meanwhile(statement: str) -> None:
        if statement == "write_claim":
            removals.append(others.submit(second.remove, TEAM_A))
            _wait_for(lambda: bool(column(url, _WAITING_FOR_THE_LOCK)))

    with (
        Store(DatabaseSettings(url), on_statement=remove_meanwhile) as first,
        Store(DatabaseSettings(url)) as second,
        ThreadPoolExecutor(1) as others,
    ):
        second.sync(request(second, workflows("a"), commit="c1"))
        first.sync(request(second, workflows("a", "b"), commit="c2"))
        assert removals[0].result(timeout=60).workflows == ("demo.a", "demo.b")
    assert refs(url) == []


def test_an_execution_cannot_start_while_its_workflow_is_pruned(url: str) -> None:
    starting: list[Future[None]] = []

    def start_meanwhile(statement: str) -> None:
        if statement == "delete_definitions":
            starting.append(others.submit(run_execution, url, "demo.a", "running"))
            _wait_for(lambda: bool(column(url, _WAITING_FOR_A_ROW)))

    with (
        Store(DatabaseSettings(url), on_statement=start_meanwhile) as store,
        ThreadPoolExecutor(1) as others,
    ):
        create_executions(url)
        store.sync(request(store, workflows("a", "b"), commit="c1"))
        assert store.sync(request(store, workflows("b"), commit="c2")).pruned == ("demo.a",)
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            starting[0].result(timeout=60)
    assert column(url, "SELECT count(*) FROM attune.workflow_execution") == [0]


def _all_at_once(store: Store, requests: Sequence[SyncRequest]) -> list[Receipt | PackError]:
    barrier = threading.Barrier(len(requests))

    def run(asked: SyncRequest) -> Receipt | PackError:
        barrier.wait(timeout=60)
        try:
            return store.sync(asked)
        except PackError as error:
            return error

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(run, requests, timeout=120))


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
