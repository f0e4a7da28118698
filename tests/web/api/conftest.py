"""A server with two Pack resources and two packs without one, and whoever asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from controller.operator.cache import Cache
from controller.pack.identity import COMMAND_LINE, Owner
from controller.store import DatabaseSettings, Store
from controller.validate import Memo
from controller.web import Api, Deeds, Desk, Folders, Gate, Known, TokenFile
from hack.localcluster import Postgres
from tests.store.make import MANIFEST, request, workflow, workflows
from tests.web.api.asking import Client, token_file
from tests.web.running import running

Ask = Callable[[str], Client]

_TOKENS = (
    'everything packs=["*"] write=true',
    'reader packs=["*"]',
    'team-a namespaces=["team-a"]',
    'tool packs=["tool"] write=true',
    'nothing namespaces=["nowhere"]',
    'old packs=["*"] expires=2020-01-01T00:00:00Z',
)


def body(namespace: str, name: str, ref: str, **status: Any) -> dict[str, Any]:
    """A Pack as the API server has it."""
    condition = {
        "type": "Ready",
        "status": "True",
        "reason": "Succeeded",
        "message": "All is well.",
        "lastTransitionTime": "2026-01-01T00:00:00Z",
        "observedGeneration": 1,
    }
    return {
        "metadata": {
            "namespace": namespace,
            "name": name,
            "uid": f"uid-{namespace}",
            "generation": 1,
            "resourceVersion": "1",
        },
        "spec": {"git": {"url": "https://user:secret@git.example.com/packs.git"}, "ref": ref},
        "status": {"observedGeneration": 1, "conditions": [condition | status]},
    }


@pytest.fixture(scope="session")
def filled(postgres: Postgres) -> str:
    """The name of a database with the packs `demo`, which Pack team-a/payments has, and `tool`."""
    url = postgres.create_database()
    with Store(DatabaseSettings(url)) as opened:
        opened.migrate()
        owner = Owner("uid-team-a", "team-a", "payments")
        opened.sync(request(opened, workflows("a", "b"), owner=owner))
        made = [workflow("x", pack="tool")]
        tool = replace(MANIFEST, ref="tool")
        opened.sync(request(opened, made, owner=COMMAND_LINE, manifest=tool))
    return urlsplit(url).path.removeprefix("/")


@contextmanager
def _serving(url: str, cache: Cache, folder: Path, failures: int) -> Iterator[Ask]:
    known = Known(TokenFile(token_file(folder / "tokens.toml", *_TOKENS)))
    memo = Memo()
    with Store(DatabaseSettings(url)) as store:
        folders = Folders(folder / "packs", store, memo)
        deeds = Deeds(Desk(store, cache), folders, memo, None)
        with running(api=Api(deeds, Gate(known, failures=failures))) as server:
            yield lambda name: Client(str(server.public), name * 2)


def _cache() -> Cache:
    """Two Packs, of which the second claims the ref that the first one has."""
    made = Cache()
    made.put(body("team-a", "payments", "demo"))
    made.put(body("team-b", "rival", "demo", status="False", reason="RefConflict"))
    return made


@pytest.fixture(scope="session")
def shared(
    postgres: Postgres, filled: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ask]:
    """A server that nobody changes anything of."""
    url = postgres.create_database(template=filled)
    with _serving(url, _cache(), tmp_path_factory.mktemp("shared"), 10_000) as ask:
        yield ask


@pytest.fixture
def database(postgres: Postgres, filled: str) -> Iterator[str]:
    """The URL of a database that the test may change."""
    url = postgres.create_database(template=filled)
    yield url
    postgres.drop_database(url)


@pytest.fixture
def cache() -> Cache:
    """The Packs that `own` tells of."""
    return _cache()


@pytest.fixture
def failures() -> int:
    """Wrong tokens that `own` looks up in a minute."""
    return 30


@pytest.fixture
def own(database: str, cache: Cache, tmp_path: Path, failures: int) -> Iterator[Ask]:
    """A server of the test's own: make a client of it, with the token of this name."""
    with _serving(database, cache, tmp_path, failures) as ask:
        yield ask


@pytest.fixture
def ask(own: Ask) -> Ask:
    """The server that is asked: the test's own, unless its module says otherwise."""
    return own
