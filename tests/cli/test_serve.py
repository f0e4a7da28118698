"""`packctl serve`: the original API, for a client that knows its documented shapes only."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
import urllib3

from hack.localcluster.guard import Guard
from hack.packrepo import pack
from tests.cli.conftest import Packctl, write
from tests.e2e.waiting import eventually
from tests.web.api.asking import Client, token_file

_ROOT = Path(__file__).parents[2]


def _listening(log: Path, door: str = "http") -> str:
    def look() -> str | None:
        lines = [json.loads(one) for one in log.read_text().splitlines() if one.startswith("{")]
        return next((one[door] for one in lines if one["event"] == "listening"), None)

    return eventually(look, log.read_text)


@pytest.mark.parametrize("by", ["flag", "variable of the original"])
def test_it_runs_alone_and_serves_clients_of_the_original(
    database: str, tmp_path: Path, by: str
) -> None:
    write(tmp_path / "packs" / "shop", pack("shop", workflows=2))
    tokens = token_file(tmp_path / "tokens.toml", 'ci packs=["*"] write=true')
    packs = str(tmp_path / "packs")
    variables = {} if by == "flag" else {"ATTUNE__PACKS_BASE_DIR": packs}
    given = ["--tokens", str(tokens), "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"]
    given += [] if variables else ["--packs-dir", packs]
    with Guard() as guard, (tmp_path / "log").open("wb") as log:
        process = guard.spawn(
            [sys.executable, "-m", "controller", "serve", *given, "--log-format", "json"],
            log,
            environment={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "PYTHONPATH": str(_ROOT),
                "PACKCTL_DATABASE_URL": database,
                **variables,
            },
        )
        client = Client(_listening(tmp_path / "log"), "cici")
        _walk(client)
        page = urllib3.request(
            "GET", f"http://{_listening(tmp_path / 'log', 'operations')}/metrics"
        )
        assert b'attune_database_statements_total{statement="write_definitions"}' in page.data
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def _walk(client: Client) -> None:
    """A day of a client, as the issue has the shapes."""
    assert client.get("/packs").data == []
    made = client.post("/packs", {"ref": "shop", "label": "Shop", "version": "1.0.0"})
    assert made.status == 201
    synced: Any = client.post("/packs/shop/workflows/sync").body
    assert synced.keys() == {"data", "message"}
    data = synced["data"]
    assert (data["pack_ref"], data["loaded_count"], data["registered_count"]) == ("shop", 2, 2)
    assert [one["ref_name"] for one in data["workflows"]] == [
        "shop.workflow_001",
        "shop.workflow_002",
    ]
    checked = client.post("/packs/shop/workflows/validate").body
    assert checked.keys() == {"data", "message"}
    assert checked["data"] == {
        "pack_ref": "shop",
        "validated_count": 2,
        "error_count": 0,
        "errors": {},
    }
    assert client.post("/packs/sync").data["failed_count"] == 0
    assert client.get("/workflows/shop.workflow_001").data["definition"]["tasks"]
    assert client.send("DELETE", "/packs/shop").status == 204


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "there is no file of tokens"),
        (("--tokens", "nowhere.toml"), "nowhere.toml' does not work: it cannot be read"),
    ],
)
def test_what_it_cannot_do_without(packctl: Packctl, given: tuple[str, ...], said: str) -> None:
    ended = packctl("serve", *given)
    assert ended.exit_code == 2
    assert said in ended.stderr
