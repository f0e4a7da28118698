"""What the API tells of packs and workflows."""

from __future__ import annotations

import pytest
import urllib3

from tests.web.api.conftest import Ask


@pytest.fixture
def ask(shared: Ask) -> Ask:
    """Nobody changes anything."""
    return shared


def test_a_list_has_a_line_for_each_pack(ask: Ask) -> None:
    answer = ask("everything").get("/packs")
    assert answer.body["pagination"] == {
        "page": 1,
        "page_size": 50,
        "total_items": 3,
        "total_pages": 1,
    }
    demo, rival, tool = answer.data
    assert demo.pop("id")
    assert demo.pop("synced_at")
    assert demo == {
        "ref": "demo",
        "label": "Demo",
        "version": "1.0.0",
        "namespace": "team-a",
        "name": "payments",
        "ready": "True",
        "reason": "Succeeded",
        "message": "All is well.",
        "revision": "main@sha1:c1",
        "workflow_count": 2,
        "invalid_count": 0,
        "suspended": False,
        "url": "https://git.example.com/packs.git",
        "may": ["get", "update"],
    }
    assert (rival["ready"], rival["reason"]) == ("False", "RefConflict")
    assert (tool["namespace"], tool["ready"], tool["workflow_count"]) == (None, "Unknown", 1)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("namespace=team-b", ["rival"]),
        ("q=PAYM", ["payments"]),
        ("q=nobody", []),
        ("ready=false", ["rival"]),
        ("ready=Unknown", [None]),
        ("reason=Succeeded", ["payments"]),
        ("page=2&page_size=2", [None]),
        ("page=9", []),
    ],
)
def test_a_list_can_be_narrowed_down(ask: Ask, query: str, names: list[str | None]) -> None:
    assert [one["name"] for one in ask("reader").get(f"/packs?{query}").data] == names


@pytest.mark.parametrize("query", ["page=0", "page_size=1001", "ready=perhaps", "page=x"])
def test_a_wrong_question_is_told_where(ask: Ask, query: str) -> None:
    answer = ask("reader").get(f"/packs?{query}")
    assert (answer.status, answer.body["code"]) == (422, "INVALID")
    assert f"query.{query.partition('=')[0]}" in answer.body["details"][0]


def test_a_pack_tells_all(ask: Ask) -> None:
    found = ask("reader").get("/packs/demo").data
    assert (found["namespace"], found["description"]) == ("team-a", "A pack")
    assert (found["config"], found["dependencies"]) == ({"region": "eu"}, ["core"])
    assert [one["type"] for one in found["conditions"]] == ["Ready"]


def test_the_workflows_of_a_pack_and_one_with_its_definition(ask: Ask) -> None:
    found = ask("reader").get("/packs/demo/workflows")
    assert [one["ref"] for one in found.data] == ["demo.a", "demo.b"]
    assert found.body["pagination"]["total_items"] == 2
    assert "definition" not in found.data[0]
    whole = ask("reader").get("/workflows/demo.a").data
    assert whole.pop("definition")["tasks"] == [{"name": "greet"}]
    assert whole.pop("param_schema") == {"type": "object"}
    assert whole.pop("out_schema") is None
    assert whole == found.data[0]


def test_a_workflow_comes_as_a_picture(ask: Ask) -> None:
    place = f"http://{ask('reader').place}/api/v1/workflows/demo.a"
    sent = {"Authorization": "Bearer readerreader"}
    answer = urllib3.request("GET", f"{place}?graph=svg", headers=sent, timeout=30)
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.data.startswith(b"<svg")
    answer = urllib3.request("GET", f"{place}?graph=mermaid", headers=sent, timeout=30)
    assert answer.data.startswith(b"flowchart")
    answer = urllib3.request("GET", f"{place}?graph=png", headers=sent, timeout=30)
    assert answer.status == 422
