"""The page of the API: whole, without a script, and nothing of it from elsewhere."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from http.client import HTTPConnection

import pytest

from tests.web.api.conftest import Ask


@pytest.fixture
def ask(shared: Ask) -> Ask:
    """Nobody changes anything."""
    return shared


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.ids.add(found.get("id") or "")
        self.links += [value for name in ("href", "src") if (value := found.get(name))]


def test_every_request_and_shape_is_there_and_every_link_leads_somewhere(ask: Ask) -> None:
    server = ask("")
    page = _Read()
    page.feed(server.text("/docs"))
    assert "GET/api/v1/packs/{ref}" in page.ids
    assert "POST/hooks/git" in page.ids
    assert "PackDetail" in page.ids
    assert "script" not in page.tags
    anchors = {one.removeprefix("#") for one in page.links if one.startswith("#")}
    assert anchors - page.ids == set()
    rest = {one for one in page.links if not one.startswith("#")}
    assert rest == {"docs/style.css", "openapi.json"}
    assert "body {" in server.text("/docs/style.css")


@pytest.mark.parametrize("path", ["/packs", "/packs/demo/suspend", "/nothing"])
def test_a_large_body_is_refused_before_anybody_asks_who_sends_it(ask: Ask, path: str) -> None:
    connection = HTTPConnection(ask("").place, timeout=30)
    connection.putrequest("POST", f"/api/v1{path}")
    connection.putheader("Content-Length", str(1024 * 1024 + 1))
    # What is announced is enough: nothing of it is waited for.
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (413, "TOO_LARGE")
    connection.close()
