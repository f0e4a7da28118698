"""The thread that goes through the history, on a real database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from controller.operator.sweeper import Pace, Sweeper
from controller.store import DatabaseSettings, Store
from hack.localcluster import Postgres
from tests.store.make import MANIFEST, TEAM_A, TEAM_B, column, query, request, workflow

_BODIES = "SELECT count(*) FROM attune_gitops.bodies"
_FAST = Pace(first=0.0, every=0.05, pause=0.0)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    settings = DatabaseSettings(database, connect_timeout=0.2, patience=0.2)
    with Store(settings) as opened:
        opened.migrate()
        yield opened


def _leave_bodies(store: Store, database: str) -> None:
    """Two packs, each with a body that no revision has any more."""
    for ref, owner in (("one", TEAM_A), ("two", TEAM_B)):
        for text in ("before", "now"):
            made = [workflow("a", pack=ref, text=text)]
            store.sync(request(store, made, owner=owner, manifest=replace(MANIFEST, ref=ref)))
    query(database, "DELETE FROM attune_gitops.revisions WHERE number = 1")
    assert column(database, _BODIES) == [4]


def test_all_packs_are_swept(store: Store, database: str) -> None:
    _leave_bodies(store, database)
    sweeper = Sweeper(store, _FAST)
    sweeper.start()
    _wait_for(lambda: column(database, _BODIES) == [2])
    sweeper.stop()


def test_a_database_that_is_away_is_tried_again(
    store: Store, database: str, postgres: Postgres
) -> None:
    _leave_bodies(store, database)
    sweeper = Sweeper(store, _FAST)
    postgres.stop()
    with capture_logs() as logged:
        sweeper.start()
        _wait_for(lambda: any(line["event"] == "history not swept" for line in logged))
    postgres.start()
    _wait_for(lambda: column(database, _BODIES) == [2])
    sweeper.stop()


def test_a_pack_that_cannot_be_swept_keeps_no_other_from_it(store: Store, database: str) -> None:
    """The statements about the first pack take too long, as those about a huge one may."""
    _leave_bodies(store, database)
    query(
        database,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE query_canceled; END $$;"
        "CREATE TRIGGER refuse BEFORE DELETE ON attune_gitops.bodies FOR EACH ROW"
        " WHEN (OLD.pack_ref = 'one') EXECUTE FUNCTION refuse()",
    )
    sweeper = Sweeper(store, _FAST)
    with capture_logs() as logged:
        sweeper.start()
        _wait_for(lambda: column(database, _BODIES) == [3])
        sweeper.stop()
    refused = [line for line in logged if line["event"] == "history not swept"]
    assert {line["ref"] for line in refused} == {"one"}


def test_it_stops_while_it_waits(store: Store) -> None:
    sweeper = Sweeper(store)
    sweeper.start()
    sweeper.stop()


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
