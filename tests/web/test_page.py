"""The files of the page, as a browser gets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

import controller.web.page
from controller.operator.cache import Cache
from controller.store import DatabaseSettings, Store
from controller.validate import Memo
from controller.web import Api, Deeds, Desk, Folders, Gate, Known
from tests.web.running import Running, running

_FOLDER = Path(controller.web.page.__file__).parent / "static"
FILES = sorted(one.name for one in _FOLDER.iterdir())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server; the files need no database."""
    with Store(DatabaseSettings("postgresql://nobody@127.0.0.1:1/none")) as store:
        memo = Memo()
        folders = Folders(tmp_path_factory.mktemp("packs"), store, memo)
        deeds = Deeds(Desk(store, Cache()), folders, memo, None)
        with running(api=Api(deeds, Gate(Known()))) as server:
            yield server


def test_the_page_is_on_the_public_socket_only(served: Running) -> None:
    answer = served.get("/", at=served.public)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert served.get("/").status == 404
    assert served.get("/page/main.js").status == 404


def test_nothing_runs_that_is_not_a_file_of_ours(served: Running) -> None:
    answer = served.get("/", at=served.public)
    policy = dict(
        one.strip().split(" ", 1) for one in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_the_browser_has_is_not_sent_again(served: Running, name: str) -> None:
    first = served.get(f"/page/{name}", at=served.public)
    assert first.status == 200
    assert first.headers["cache-control"] == "no-cache"
    again = urllib3.request(
        "GET",
        f"http://{served.public}/page/{name}",
        headers={"If-None-Match": first.headers["etag"]},
        timeout=30,
    )
    assert (again.status, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["..%2f__init__.py", "../__init__.py", "none.js", ""])
def test_other_files_are_not_there(served: Running, name: str) -> None:
    assert served.get(f"/page/{name}", at=served.public).status == 404


@pytest.mark.parametrize("name", FILES)
def test_nothing_comes_from_elsewhere_or_becomes_html(name: str) -> None:
    text = (_FOLDER / name).read_text()
    places = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"']*", text))
    assert places <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)
    assert "style=" not in text
