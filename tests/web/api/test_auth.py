"""Nobody sees or does more than they may, and nobody learns what is there that they may not see."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from controller.errors import InvalidSpec, Transient
from controller.web.auth import Target, TokenFile, Verb
from tests.web.api.asking import Client, token_file
from tests.web.api.conftest import Ask


@pytest.fixture
def ask(shared: Ask) -> Ask:
    """Nobody changes anything."""
    return shared


@pytest.mark.parametrize(
    "path",
    ["/packs", "/packs/demo", "/packs/none", "/packs/demo/workflows", "/workflows/demo.a", "/me"],
)
def test_who_has_no_token_is_told_so_whatever_they_ask(ask: Ask, path: str) -> None:
    client = Client(ask("").place)
    answer = client.get(path)
    assert (answer.status, answer.body["code"]) == (401, "UNAUTHORIZED")
    assert answer.headers["www-authenticate"] == 'Bearer realm="attune-pack-controller"'
    assert client.get(f"{path}?token=readerreader&access_token=readerreader").status == 401


@pytest.mark.parametrize("name", ["wrong", "old"])
def test_a_wrong_token_and_one_that_is_over_are_told_alike(ask: Ask, name: str) -> None:
    answer = ask(name).get("/packs")
    assert answer.status == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert answer.body["error"] == "The token is wrong or has expired."


def test_who_guesses_is_not_heard_any_more_and_keeps_nobody_out(own: Ask) -> None:
    said = [own(f"guess-{n}").get("/packs").status for n in range(35)]
    assert said == [401] * 30 + [429] * 5
    assert own("guess").get("/packs").headers["retry-after"] == "60"
    assert own("reader").get("/packs").status == 200


def test_a_token_shows_the_packs_of_its_scope_only(ask: Ask) -> None:
    def seen(name: str) -> list[tuple[str, str | None]]:
        return [(one["ref"], one["namespace"]) for one in ask(name).get("/packs").data]

    assert seen("reader") == [("demo", "team-a"), ("demo", "team-b"), ("tool", None)]
    assert seen("team-a") == [("demo", "team-a")]
    assert seen("tool") == [("tool", None)]
    assert seen("nothing") == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("team-a", "/packs/tool"),
        ("team-a", "/packs/tool/workflows"),
        ("team-a", "/workflows/tool.x"),
        ("tool", "/packs/demo"),
        ("tool", "/workflows/demo.a"),
    ],
)
def test_what_one_may_not_see_is_not_there(ask: Ask, name: str, path: str) -> None:
    hidden = ask(name).get(path)
    missing = ask(name).get(path.replace("tool", "gone").replace("demo", "gone"))
    assert (hidden.status, missing.status) == (404, 404)
    said = hidden.body["error"].replace("tool", "gone").replace("demo", "gone")
    assert said == missing.body["error"]


def test_a_pack_that_has_lost_its_ref_shows_nothing_of_the_owners_rows(ask: Ask) -> None:
    theirs = ask("reader").get("/packs/demo?namespace=team-b")
    assert (theirs.data["id"], theirs.data["workflow_count"], theirs.data["label"]) == (None, 0, "")
    assert theirs.data["conf_schema"] == {}
    assert ask("reader").get("/packs/demo/workflows?namespace=team-b").data == []


def test_everybody_is_told_what_they_may_do(ask: Ask) -> None:
    assert ask("reader").get("/me").data == {
        "user": "reader",
        "can": {"team-a/payments": ["get"], "team-b/rival": ["get"], "tool": ["get"], "*": ["get"]},
    }
    assert ask("tool").get("/me").data["can"] == {"tool": ["get", "update"], "*": []}


def test_the_hashes_are_in_the_file_that_is_read_again(tmp_path: Path) -> None:
    file = token_file(tmp_path / "tokens", 'a packs=["*"]')
    tokens = TokenFile(file)
    assert tokens.find("aa")
    assert tokens.find(hashlib.sha256(b"aa").hexdigest()) is None
    token_file(file, 'bcd packs=["*"]')
    assert tokens.find("aa") is None
    assert tokens.find("bcdbcd")
    file.write_text("[[token]]\nname = 1")
    with pytest.raises(Transient, match="file of tokens"):
        tokens.find("bcdbcd")


def test_a_token_is_over_a_minute_after_its_time(tmp_path: Path) -> None:
    def found(seconds: int) -> bool:
        over = datetime.now(UTC) - timedelta(seconds=seconds)
        file = token_file(tmp_path / "tokens", f'a packs=["*"] expires={over.isoformat()}')
        return TokenFile(file).find("aa") is not None

    assert (found(-60), found(30), found(90)) == (True, True, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "no TOML"),
        ("[[token]]\nname='x'", r"token\.0\.sha256: Field required"),
        ("[[token]]\nname='x'\nsha256='abc'", r"token\.0\.sha256"),
        ("[[tokens]]\n", "tokens: Extra inputs"),
        (f"[[token]]\nname='x'\nsha256='{'0' * 64}'\nexpires=2026-01-01", "expires"),
    ],
)
def test_a_file_that_does_not_work_says_why(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "tokens.toml"
    file.write_text(text)
    with pytest.raises(InvalidSpec, match=said):
        TokenFile(file)


@pytest.mark.parametrize(
    ("scope", "target", "allowed"),
    [
        ('namespaces=["a"]', Target("x", "a", "n"), ["get"]),
        ('namespaces=["a"]', Target("x", "b", "n"), []),
        ('namespaces=["*"]', Target("x", "b", "n"), ["get"]),
        ('namespaces=["*"]', Target("x"), []),
        ('packs=["x"] write=true', Target("x"), ["get", "update"]),
        ('packs=["x"] write=true', Target("x", "b", "n"), ["get", "update"]),
        ('packs=["x"]', Target("y"), []),
        ('packs=["x"]', Target(), []),
        ('packs=["*"]', Target(), ["get"]),
    ],
)
def test_the_scope_of_a_token(
    tmp_path: Path, scope: str, target: Target, allowed: list[str]
) -> None:
    found = TokenFile(token_file(tmp_path / "tokens", f"a {scope}")).find("aa")
    assert found
    assert [verb for verb in Verb if found.may(verb, target)] == allowed
