"""PostgreSQL away, refusing or shut down in the middle: what a Pack says, and how it heals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, LiteralString
from urllib.parse import urlsplit

import psycopg
import pytest

from hack.localcluster import Postgres
from hack.packrepo import pack, workflow_yaml
from tests.e2e.conftest import MakeSite
from tests.e2e.pack import Pack, Report
from tests.e2e.site import Site
from tests.store.make import query

_AWAY = "The database is not available: "
_WRONG: Final = "correct-horse-battery"
_HEALS = 60.0
"""Seconds: a try gives the database 10 s, and the pause between two tries grows to 15 s here."""


def _is_waiting_for_the_database(pack: Pack) -> Report:
    seen = pack.wait(truth="False", reason="DatabaseUnavailable")
    assert seen.summary()["Synced"] == ("False", "DatabaseUnavailable")
    assert seen.summary()["Reconciling"] == ("True", "ProgressingWithRetry")
    assert "Stalled" not in seen.summary()
    assert seen.message().startswith(_AWAY)
    assert seen.message().endswith("It is tried again; rows stay as they are until then.")
    assert seen.status.next_sync_time is not None
    return seen


def test_a_stop_in_the_middle_of_life_is_waited_out(own_site: Site, postgres: Postgres) -> None:
    site, repo = own_site, own_site.repo("demo")
    first = repo.commit(pack("demo", workflows=3))
    demo = site.follow("demo")
    demo.wait(revision=first)
    before = site.everything("demo")
    postgres.stop()
    second = repo.commit({"workflows/new.yaml": workflow_yaml("demo.new")})
    demo.request()
    seen = _is_waiting_for_the_database(demo)
    assert (seen.status.last_applied_revision or "").endswith(first)
    assert seen.status.workflow_count == 3
    postgres.start()
    assert site.everything("demo") == before
    healed = demo.wait(revision=second, seconds=_HEALS)
    assert "Reconciling" not in healed.summary()
    assert healed.status.next_sync_time is None
    assert len(site.definitions("demo")) == 4
    assert site.controller.stop() == 0


def test_a_database_that_is_away_at_the_start_is_waited_for(
    make_site: MakeSite, postgres: Postgres
) -> None:
    site = make_site()
    commit = site.repo("demo").commit(pack("demo", workflows=2))
    postgres.stop()
    site.controller.start()
    demo = site.follow("demo")
    _is_waiting_for_the_database(demo)
    postgres.start()
    demo.wait(revision=commit, seconds=_HEALS)
    assert len(site.definitions("demo")) == 2


def test_a_controller_that_was_overtaken_ends_and_touches_nothing(own_site: Site) -> None:
    """As a replica of before does that gets the Lease while its deployment is replaced."""
    site, repo = own_site, own_site.repo("demo")
    first = repo.commit(pack("demo", workflows=2))
    demo = site.follow("demo")
    before = demo.wait(revision=first)
    assert site.controller.stop() == 0
    rows = site.everything("demo")
    repo.commit({"workflows/new.yaml": workflow_yaml("demo.new")})
    query(site.database, "INSERT INTO attune_gitops.migrations VALUES (99, '0099_later')")
    site.controller.start(until="starting")
    assert site.controller.wait_ended() == 2
    said = site.controller.text().splitlines()[-1]
    assert said.startswith("packctl: Schema attune_gitops is at version 99, and this program knows")
    assert said.endswith("A newer controller has migrated this database: update this one.")
    assert demo.read() == before
    assert site.everything("demo") == rows


def test_a_deletion_waits_for_the_database(own_site: Site, postgres: Postgres) -> None:
    site = own_site
    site.repo("demo").commit(pack("demo", workflows=2))
    demo = site.follow("demo")
    demo.wait()
    postgres.stop()
    demo.delete()
    seen = demo.wait(truth="False", reason="DatabaseUnavailable")
    assert seen.message().startswith(f"The deletion has to wait: {_AWAY}")
    assert seen.summary()["Reconciling"] == ("True", "ProgressingWithRetry")
    assert seen.body["metadata"]["finalizers"] == ["attune.io/pack"]
    postgres.start()
    demo.wait_gone(seconds=_HEALS)
    assert site.everything("demo") == (None, {}, {})


@pytest.fixture
def refused_site(make_site: MakeSite) -> Iterator[Site]:
    """A site whose controller has the wrong password for its role."""
    site = make_site()
    _execute(site, "CREATE ROLE packctl LOGIN SUPERUSER PASSWORD 'another'")
    place = urlsplit(site.database)
    address = f"packctl:{_WRONG}@{place.hostname}:{place.port}"
    site.controller.settings["database_url"] = place._replace(netloc=address).geturl()
    yield site
    _execute(site, "DROP OWNED BY packctl; DROP ROLE packctl")


def test_a_wrong_password_is_told_without_it_and_heals_at_the_interval(refused_site: Site) -> None:
    site = refused_site
    site.controller.start()
    commit = site.repo("demo").commit(pack("demo", workflows=2))
    demo = site.follow("demo", interval="10s")
    seen = demo.wait(truth="False", reason="DatabaseRefused")
    assert seen.summary()["Synced"] == ("False", "DatabaseRefused")
    assert seen.summary()["Stalled"] == ("True", "DatabaseRefused")
    assert 'password authentication failed for user "packctl"' in seen.message()
    assert seen.message().endswith("Check the database URL, its user and password.")
    _execute(site, f"ALTER ROLE packctl PASSWORD '{_WRONG}'")
    healed = demo.wait(revision=commit)
    assert "Stalled" not in healed.summary()
    assert site.controller.stop() == 0
    for said in (str(seen.body), str(healed.body), str(demo.events()), site.controller.text()):
        assert _WRONG not in said


def _execute(site: Site, statement: LiteralString) -> None:
    with psycopg.connect(site.database, autocommit=True) as connection:
        connection.execute(statement)
