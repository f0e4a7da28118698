"""`packctl adopt`: what is there of a pack becomes somebody's, as it was shown and agreed to."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from controller.errors import Stalled
from controller.pack.identity import COMMAND_LINE, Owner
from controller.store import DatabaseSettings, Store
from hack.localcluster import Postgres
from hack.packrepo import workflow_yaml
from tests.cli.conftest import Packctl, write
from tests.cli.terminal import Screen
from tests.store.by_hand import insert_definition, insert_pack
from tests.store.make import MANIFEST, column, content, query, request, row_versions, workflow

_ADOPT = sys.modules["controller.cli.adopt"]
EAST = Owner("uid-a", "team-a", "good", "east")
GOOD = replace(MANIFEST, ref="good")
CORE = (
    "INSERT INTO attune.pack (ref, label, version) VALUES ('core', 'Core', '1.0.0');"
    "INSERT INTO attune.action (ref, pack, pack_ref, label, entrypoint)"
    " SELECT 'core.echo', id, ref, 'Echo', 'echo.sh' FROM attune.pack WHERE ref = 'core'"
)


@pytest.fixture
def url(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database with Attune's tables, which packctl finds in its environment."""
    made = postgres.create_database()
    with Store(DatabaseSettings(made)) as store:
        store.migrate()
    query(made, CORE)
    monkeypatch.setenv("PACKCTL_DATABASE_URL", made)
    yield made
    postgres.drop_database(made)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store(DatabaseSettings(url)) as opened:
        yield opened


def _installed_by_hand(url: str) -> None:
    """By Attune's own sync, and then by somebody in its editor."""
    insert_pack(url, "good")
    for name in ("workflow_001", "workflow_002", "mine"):
        insert_definition(url, f"good.{name}", with_action=True, pack="good")
    made = (
        "UPDATE attune.action SET is_adhoc = true WHERE ref = ANY('{good.workflow_002,good.mine}')"
    )
    query(url, made)


def _owned(store: Store) -> None:
    made = [workflow(name, pack="good") for name in ("workflow_001", "gone")]
    store.sync(request(store, made, owner=EAST, manifest=GOOD))


def _owner(store: Store) -> Owner:
    [holder] = store.holders("good")
    return holder.owner


def test_a_pack_installed_by_hand_becomes_gits(packctl: Packctl, url: str, store: Store) -> None:
    _installed_by_hand(url)
    identities = query(url, "SELECT id, ref FROM attune.action ORDER BY ref")
    refused = packctl("sync", "good")
    assert refused.exit_code == 1
    assert "`packctl adopt`" in " ".join(refused.output.split())

    done = packctl("adopt", "good", "--yes")
    assert done.exit_code == 0, done.output
    assert "~ good.workflow_001" in done.output
    assert "→ Made by hand, and Git's from now on: good.workflow_002." in done.output
    assert "→ Made by Attune's own sync, and Git's from now on: 1 of these." in done.output
    assert "good.mine" not in done.output
    assert query(url, "SELECT id, ref FROM attune.action ORDER BY ref") == identities
    assert column(url, "SELECT ref FROM attune.action WHERE is_adhoc") == ["good.mine"]
    assert _owner(store) == COMMAND_LINE

    again = packctl("adopt", "good", "--yes")
    assert again.exit_code == 0
    assert "There is nothing to take over" in again.output


def test_what_a_pack_left_is_taken_for_another(packctl: Packctl, url: str, store: Store) -> None:
    _owned(store)
    [identity] = column(url, "SELECT id FROM attune.action WHERE ref = 'good.workflow_001'")
    done = packctl("adopt", "good", "--for", "team-b/good", "--cluster", "west", "--yes")
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "- good.gone" in said
    assert "Pack ref good goes from Pack team-a/good of cluster 'east', which has it since" in said
    assert "to Pack team-b/good of cluster 'west'. If Pack team-a/good is still there" in said
    assert _owner(store) == Owner("", "team-b", "good", "west")
    assert column(url, "SELECT id FROM attune.action WHERE ref = 'good.workflow_001'") == [identity]

    with pytest.raises(Stalled, match="belongs to Pack team-b/good"):
        store.sync(request(store, [], owner=EAST, manifest=GOOD))
    heir = Owner("uid-b", "team-b", "good", "west")
    asked = request(store, [workflow("workflow_001", pack="good")], owner=heir, manifest=GOOD)
    assert store.sync(asked).pack_ref == "good"
    assert _owner(store) == heir


def test_the_first_to_come_gets_what_was_taken_for_nobody(packctl: Packctl, store: Store) -> None:
    _owned(store)
    done = packctl("adopt", "good", "--yes")
    assert done.exit_code == 0
    assert "to the first Pack that comes." in " ".join(done.output.split())
    assert _owner(store) == COMMAND_LINE


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        pytest.param("adopt good", 2, "say --yes where nobody can be asked", id="nobody to ask"),
        pytest.param("adopt good -o json", 2, "say --yes", id="JSON without agreement"),
        pytest.param("adopt bad --yes", 2, "ValidationFailed", id="errors"),
        pytest.param("adopt good --for x --yes", 2, "takes NAMESPACE/NAME", id="no Pack's name"),
        pytest.param("adopt good --for a/b --yes", 2, "with --cluster", id="no cluster"),
        pytest.param("adopt elsewhere --yes", 2, "", id="no such folder"),
    ],
)
def test_nothing_is_written_where_it_cannot_be_done(
    packctl: Packctl, url: str, store: Store, typed: str, code: int, says: str
) -> None:
    _owned(store)
    before = row_versions(url)
    done = packctl(*typed.split())
    assert says in " ".join(done.output.split())
    assert done.exit_code in (1, 2) if typed == "adopt bad --yes" else done.exit_code == code
    assert row_versions(url) == before


def test_what_was_agreed_to_is_what_is_applied(
    packctl: Packctl, url: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is written while the person thinks is the next sync's."""
    _owned(store)

    def think() -> bool:
        write(tmp_path / "good", {"workflows/late.yaml": workflow_yaml("good.late")})
        return True

    monkeypatch.setattr(_ADOPT, "agreed", think)
    assert packctl("adopt", "good").exit_code == 0
    assert "good.late" not in [row["ref"] for row in content(url)["workflows"]]
    assert packctl("sync", "good").exit_code == 0
    assert "good.late" in [row["ref"] for row in content(url)["workflows"]]


def test_an_owner_that_changed_meanwhile_is_asked_about_again(
    packctl: Packctl, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _owned(store)
    other = replace(EAST, uid="uid-a-2")

    def think() -> bool:
        made = [workflow(name, pack="good") for name in ("workflow_001", "gone")]
        store.sync(request(store, made, owner=other, manifest=GOOD))
        return True

    monkeypatch.setattr(_ADOPT, "agreed", think)
    done = packctl("adopt", "good")
    assert done.exit_code == 1
    assert "RefConflict" in done.output
    assert _owner(store) == other


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_a_person_is_asked(
    packctl: Packctl,  # noqa: ARG001  # makes the folders
    url: str,
    store: Store,
    tmp_path: Path,
    answer: str,
    code: int,
) -> None:
    _owned(store)
    before = row_versions(url)
    with Screen(tmp_path, "adopt", "good", terminal=True, keyboard=True) as screen:
        assert "Pack team-a/good of cluster 'east'" in screen.shows("Take it over? [y/N]")
        screen.types(f"{answer}\n")
        assert screen.wait() == code
    assert (row_versions(url) == before) is (code == 1)


def test_a_database_that_we_never_wrote_to_stays_so_until_somebody_agrees(
    packctl: Packctl, url: str
) -> None:
    query(url, "DROP SCHEMA attune_gitops CASCADE")
    _installed_by_hand(url)
    schema = "SELECT to_regnamespace('attune_gitops') IS NOT NULL AS made"
    shown = packctl("adopt", "good")
    assert shown.exit_code == 2
    assert "Made by hand" in shown.output
    assert column(url, schema) == [False]
    assert packctl("adopt", "good", "--yes").exit_code == 0
    assert column(url, schema) == [True]


def test_programs_read_the_status_that_a_pack_would_have(packctl: Packctl, store: Store) -> None:
    _owned(store)
    done = packctl("adopt", "good", "--yes", "-o", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["pack"]["ref"] == "good"
    again = packctl("adopt", "good", "--yes", "-o", "json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)
