"""A browser, and the site that it looks at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from controller.operator.cache import Cache
from controller.pack.identity import Owner
from controller.store import DatabaseSettings, Store
from controller.validate import Memo
from controller.web import Api, Deeds, Desk, Folders, Gate, Known, TokenFile
from tests.page.visitor import Visitor, chromium, visiting
from tests.store.make import request, workflows
from tests.web.api.asking import token_file
from tests.web.api.conftest import body
from tests.web.running import running

Visit = Callable[..., Visitor]
TOKENS = ('writer packs=["*"] write=true', 'reader packs=["*"]', 'team-a namespaces=["team-a"]')


@dataclass(frozen=True, slots=True)
class Place:
    """A server with one pack in its database, and the Packs that it heard of. While it is not
    `working`, another controller is."""

    address: str
    cache: Cache
    working: threading.Event

    def put(self, name: str, **condition: Any) -> dict[str, Any]:
        """A Pack team-a/NAME is there, or is another now; its resource."""
        made = body("team-a", name, name, **condition)
        made["metadata"]["uid"] = f"uid-{name}"
        self.cache.put(made)
        return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of a module. As long as it is there, a loop of asyncio runs in the thread of
    the tests, which those of other modules may want for themselves."""
    with chromium() as found:
        yield found


@pytest.fixture
def place(database: str, tmp_path: Path) -> Iterator[Place]:
    """The pack `demo` is in the database, and Pack team-a/demo follows it."""
    with served(database, tmp_path) as made:
        yield made


@contextmanager
def served(database: str, folder: Path) -> Iterator[Place]:
    """See `place`."""
    with Store(DatabaseSettings(database)) as store:
        store.migrate()
        owner = Owner("uid-demo", "team-a", "demo")
        store.sync(request(store, workflows("a", "b"), owner=owner))
        known = Known(TokenFile(token_file(folder / "tokens.toml", *TOKENS)))
        memo, cache, working = Memo(), Cache(), threading.Event()
        working.set()
        desk = Desk(store, cache, is_open=working.is_set)
        deeds = Deeds(desk, Folders(folder / "packs", store, memo), memo, None)
        with running(api=Api(deeds, Gate(known))) as server:
            made = Place(str(server.public), cache, working)
            made.put("demo")
            yield made


@pytest.fixture
def visit(browser: Browser, place: Place) -> Iterator[Visit]:
    """Open a tab on `place`; the browser must not have complained when the test ends."""
    with ExitStack() as stack:
        visitors: list[Visitor] = []

        def enter(given: AbstractContextManager[Visitor]) -> Visitor:
            visitors.append(stack.enter_context(given))
            return visitors[-1]

        tab = partial(visiting, browser, place.address)
        yield lambda **how: enter(tab(**how))
        assert [said for one in visitors for said in one.complaints] == []
