"""The real parts that tests run against: PostgreSQL, an API server, a Git server with packs.

PostgreSQL and the API server start once for each worker process, when a test first asks for them.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hack.gitserver import GitServer
from hack.localcluster import ControlPlane, Postgres
from hack.packrepo import PackRepo

if TYPE_CHECKING:
    from hack.sshserver import SshServer

PackRepoFactory = Callable[[str], PackRepo]

_SERVERS = {"postgres", "control_plane", "git_server", "ssh_server"}


def pytest_configure() -> None:
    """Let programs under test hear Ctrl-C and a hang-up, which a job in the background ignores."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start a server, which `make test-unit` leaves out."""
    for item in items:
        if isinstance(item, pytest.Function) and _SERVERS.intersection(item.fixturenames):
            item.add_marker("integration")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server that all tests of this worker share."""
    with Postgres() as server:
        yield server


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database that only this test has."""
    url = postgres.create_database()
    yield url
    postgres.start()
    postgres.drop_database(url)


@pytest.fixture(scope="session")
def control_plane() -> Iterator[ControlPlane]:
    """An API server that all tests of this worker share."""
    with ControlPlane() as cluster:
        yield cluster


@pytest.fixture
def git_server(tmp_path: Path) -> Iterator[GitServer]:
    """A Git server of this test's own, without repositories."""
    with GitServer(tmp_path / "repositories") as server:
        yield server


@pytest.fixture
def ssh_server(tmp_path: Path) -> Iterator[SshServer]:
    """A Git server over ssh of this test's own, which lets nobody in yet."""
    from hack.sshserver import SshServer  # its library takes a moment to load

    with SshServer(tmp_path / "repositories") as server:
        yield server


@pytest.fixture
def pack_repo(tmp_path: Path) -> PackRepoFactory:
    """Make an empty repository that `git_server` serves under the name that is given."""
    return lambda name: PackRepo(tmp_path / "repositories" / name)
