"""Packs without a Pack resource: their folders, as the original service had them.

The client knows the shapes of the issue, and nothing else.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hack.packrepo import pack
from tests.cli.conftest import write
from tests.store.make import query
from tests.web.api.conftest import Ask

_BAD = "ref: shop.bad\nlabel: Bad\nversion: 1.0.0\ntasks: 7\n"
SHAPE = {"pack_ref", "loaded_count", "registered_count", "workflows", "errors"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of pack `shop`, which nobody has synced, with two workflows."""
    made = tmp_path / "packs" / "shop"
    write(made, pack("shop", workflows=2))
    return made


def test_a_sync_tells_what_it_registered(ask: Ask, folder: Path) -> None:
    assert folder
    answer = ask("everything").post("/packs/shop/workflows/sync")
    assert answer.data.keys() == SHAPE
    assert (answer.data["pack_ref"], answer.data["errors"]) == ("shop", [])
    assert (answer.data["loaded_count"], answer.data["registered_count"]) == (2, 2)
    first = answer.data["workflows"][0]
    assert first.keys() == {"ref_name", "created", "workflow_def_id", "warnings"}
    assert first["created"] is True
    known = ask("everything").get(f"/workflows/{first['ref_name']}").data
    assert known["id"] == first["workflow_def_id"]
    assert answer.body["message"]

    again = ask("everything").post("/packs/shop/workflows/sync").data["workflows"]
    assert [one["created"] for one in again] == [False, False]


def test_a_bad_workflow_keeps_the_others_out_and_is_told(ask: Ask, folder: Path) -> None:
    (folder / "workflows" / "bad.yaml").write_text(_BAD)
    answer = ask("everything").post("/packs/shop/workflows/sync").data
    assert (answer["registered_count"], answer["workflows"]) == (0, [])
    assert any(one.startswith("workflows/bad.yaml:") for one in answer["errors"])


def test_a_validation_writes_nothing(ask: Ask, folder: Path) -> None:
    good = ask("everything").post("/packs/shop/workflows/validate")
    assert good.data == {"pack_ref": "shop", "validated_count": 2, "error_count": 0, "errors": {}}
    (folder / "workflows" / "bad.yaml").write_text(_BAD)
    bad = ask("everything").post("/packs/shop/workflows/validate").data
    assert (bad["validated_count"], bad["error_count"]) == (3, 1)
    assert list(bad["errors"]) == ["shop.bad"]
    assert "workflows/bad.yaml:4" in bad["errors"]["shop.bad"][0]
    assert ask("everything").get("/packs/shop").status == 404


def test_a_plan_tells_what_a_sync_would_do(ask: Ask, folder: Path) -> None:
    client = ask("everything")
    client.post("/packs/shop/workflows/sync")
    write(folder, pack("shop", workflows=3))
    planned = client.get("/packs/shop/plan").data
    assert (planned["summary"]["created"], planned["summary"]["unchanged"]) == (1, 2)
    assert len(client.get("/packs/shop/workflows").data) == 2
    (folder / "workflows" / "bad.yaml").write_text(_BAD)
    assert client.get("/packs/shop/plan").data["failure"]["reason"] == "ValidationFailed"


def test_a_sync_of_all_tells_of_each(ask: Ask, folder: Path) -> None:
    write(folder.parent / "broken", {"pack.yaml": "ref: other\n"})
    answer = ask("everything").post("/packs/sync?timeout=1").data
    found = {one["pack_ref"]: bool(one["errors"]) for one in answer["packs"]}
    # No cluster does what Packs ask for here, and `tool` has no folder.
    assert found == {"shop": False, "broken": True, "demo": True}
    assert answer["failed_count"] == 3


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("", "/packs/shop/workflows/sync", 401),
        ("reader", "/packs/shop/workflows/sync", 404),
        ("reader", "/packs/tool/workflows/sync", 403),
        ("team-a", "/packs/tool/workflows/sync", 404),
        ("tool", "/packs/shop/workflows/sync", 404),
        ("tool", "/packs/tool/workflows/sync", 409),
        ("everything", "/packs/nothing/workflows/sync", 404),
        ("everything", "/packs/tool/suspend", 409),
        ("reader", "/packs/demo/suspend", 403),
        ("reader", "/packs/tool/rollback", 403),
    ],
)
def test_who_may_not(ask: Ask, folder: Path, name: str, path: str, status: int) -> None:
    assert folder
    body = {"suspend": {"suspend": True}, "rollback": {"revision": 1}}
    answer = ask(name).post(path, body.get(path.rpartition("/")[2]))
    assert (answer.status, set(answer.body)) == (status, {"error", "code", "details"})


def test_the_past_and_the_way_back(ask: Ask, folder: Path) -> None:
    client = ask("everything")
    client.post("/packs/shop/workflows/sync")
    write(folder, pack("shop", workflows=3))
    client.post("/packs/shop/workflows/sync")
    newest, oldest = client.get("/packs/shop/revisions").data
    assert (newest["number"], newest["created"], oldest["number"]) == (2, 1, 1)
    assert (newest["owner"], newest["asked_by"]) == ("packctl", "commandLine")
    whole = client.get("/packs/shop/revisions/1").data
    assert (len(whole["workflows"]), whole["manifest"]["ref"]) == (2, "shop")
    changed = client.get("/packs/shop/diff?from=1&to=2").data
    assert changed["summary"]["created"] == 1
    assert client.get("/packs/shop/diff").data == changed

    back = client.post("/packs/shop/rollback", {"revision": "~1"})
    assert back.data["revision"] == 1
    assert len(client.get("/packs/shop/workflows").data) == 2
    tried = client.get("/packs/shop/attempts?limit=1").data
    assert [one["reason"] for one in tried] == ["Succeeded"]
    assert client.get("/packs/shop/revisions/9").status == 404
    assert client.get("/packs/shop/diff?from=nonsense!").status == 404


def test_the_diagnostics_are_those_of_the_last_attempt(ask: Ask, folder: Path) -> None:
    client = ask("everything")
    client.post("/packs/shop/workflows/sync")
    assert client.get("/packs/shop/diagnostics").data["error_count"] == 0
    (folder / "workflows" / "bad.yaml").write_text(_BAD)
    client.post("/packs/shop/workflows/sync")
    found = client.get("/packs/shop/diagnostics").data
    assert found["error_count"] == 1
    assert found["diagnostics"][0]["file"] == "workflows/bad.yaml"
    assert found["diagnostics"][0]["line"] == 4


_HAND = {"ref": "hand", "label": "By hand", "version": "1.2.3", "config": {"a": 1}, "unknown": 1}


def test_a_pack_is_made_changed_and_deleted(ask: Ask) -> None:
    client = ask("everything")
    made = client.post("/packs", _HAND)
    assert (made.status, made.body["message"]) == (201, "Made hand.")
    assert (made.data["label"], made.data["config"], made.data["namespace"]) == (
        "By hand", {"a": 1}, None,
    )  # fmt: skip
    assert client.post("/packs", _HAND).status == 409
    changed = client.send("PUT", "/packs/hand", {"label": "Other", "tags": ["x"]}).data
    assert (changed["label"], changed["version"], changed["tags"]) == ("Other", "1.2.3", ["x"])
    assert client.send("DELETE", "/packs/hand").status == 204
    assert client.get("/packs/hand").status == 404


def test_a_new_pack_is_synced_in_spite_of_a_bad_workflow(ask: Ask, folder: Path) -> None:
    (folder / "workflows" / "bad.yaml").write_text(_BAD)
    client = ask("everything")
    made = client.post("/packs", {**_HAND, "ref": "shop"})
    assert made.status == 201
    assert "workflows/bad.yaml:4" in made.body["message"]
    assert len(client.get("/packs/shop/workflows").data) == 2
    assert client.send("DELETE", "/packs/shop").status == 204
    assert client.get("/workflows/shop.workflow_001").status == 404


@pytest.mark.parametrize(
    ("name", "method", "path", "status"),
    [
        ("reader", "POST", "/packs", 403),
        ("tool", "POST", "/packs", 403),
        ("reader", "PUT", "/packs/tool", 403),
        ("team-a", "DELETE", "/packs/tool", 404),
        ("everything", "PUT", "/packs/demo", 409),
        ("everything", "DELETE", "/packs/demo", 409),
    ],
)
def test_who_may_not_write(ask: Ask, name: str, method: str, path: str, status: int) -> None:
    assert ask(name).send(method, path, _HAND).status == status
    assert len(ask("reader").get("/packs").data) == 3


def test_a_pack_that_others_rows_belong_to_stays(ask: Ask, database: str) -> None:
    query(
        database,
        "INSERT INTO attune.action (ref, pack, pack_ref, label, entrypoint) "
        "SELECT 'tool.own', id, ref, 'Own', 'own.py' FROM attune.pack WHERE ref = 'tool'",
    )
    answer = ask("everything").send("DELETE", "/packs/tool")
    assert (answer.status, answer.body["details"]) == (409, ["PruneBlocked"])
    assert ask("everything").get("/workflows/tool.x").status == 200


def test_secrets_of_a_configuration_are_masked(ask: Ask) -> None:
    client = ask("everything")
    fields = {"key": {"type": "string", "secret": True}, "region": {"type": "string"}}
    for name, schema in (("flat", fields), ("nested", {"type": "object", "properties": fields})):
        config = {"key": "hush-hush", "region": "eu"}
        pack = {"ref": name, "label": "X", "config": config, "conf_schema": schema}
        assert client.post("/packs", pack).data["config"] == {"key": "***", "region": "eu"}
