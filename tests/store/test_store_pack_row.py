"""The pack's own row: what it says of its source, and what of it is an operator's."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

from controller.store import Policy, Store
from controller.store.rows import checksum
from tests.store.by_hand import insert_pack
from tests.store.make import MANIFEST, documented, query, request, row_versions, workflows


def _pack(url: str) -> dict[str, Any]:
    [found] = query(url, "SELECT * FROM attune.pack")
    return dict(found)


def test_it_names_its_source_and_its_tree(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), commit="c1"))
    made = _pack(url)
    assert (made["source_type"], made["source_url"], made["source_ref"]) == (
        "git",
        "https://git.example.com/acme/packs.git",
        "main",
    )
    assert made["checksum"] == hashlib.sha256(b"tree of c1\n").hexdigest()
    assert made["installation_method"] == "gitops"
    assert made["installed_at"] == made["created"]

    store.sync(request(store, workflows("a"), commit="c2"))
    newer = _pack(url)
    assert newer["checksum"] == hashlib.sha256(b"tree of c2\n").hexdigest()
    assert newer["installed_at"] == made["installed_at"]
    assert len(store.history("demo")) == 1


def test_one_tree_is_written_once(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), commit="c1"))
    before = row_versions(url)
    store.sync(request(store, workflows("a"), commit="c2", tree="tree of c1"))
    assert row_versions(url)["attune.pack"] == before["attune.pack"]


def test_a_commit_that_nobody_knows_more_of_has_one(store: Store, url: str) -> None:
    """As when a revision is applied again."""
    asked = request(store, workflows("a"))
    store.sync(asked)
    before = row_versions(url)
    store.sync(replace(asked, details=None))
    assert row_versions(url)["attune.pack"] == before["attune.pack"]


def test_a_folder_has_no_tree(store: Store, url: str) -> None:
    """Its listing's id is no tree's, and what its revision is called."""
    store.sync(request(store, workflows("a"), commit="f00d", tree="f00d"))
    assert _pack(url)["checksum"] is None


def test_a_row_made_by_attune_keeps_what_is_its_operators(store: Store, url: str) -> None:
    insert_pack(url, "demo")
    query(
        url,
        "UPDATE attune.pack SET config = '{\"a\": 1}', is_standard = true, storage_path = '/opt',"
        " installed_at = '2026-01-01', installation_method = 'manual', checksum_verified = true",
    )
    before = _pack(url)
    store.sync(request(store, workflows("a")))
    after = _pack(url)
    kept = ("id", "config", "is_standard", "storage_path", "installed_at", "created")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["installation_method"] == "gitops"
    assert after["label"] == MANIFEST.label


def test_a_row_that_is_not_to_be_updated_keeps_its_checksum(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), commit="c1"))
    before = row_versions(url)
    create = Policy(update_existing=False)
    store.sync(request(store, workflows("a"), commit="c2", policy=create))
    assert row_versions(url)["attune.pack"] == before["attune.pack"]
    assert not store.sync(request(store, workflows("a"), commit="c2", policy=create)).wrote


def test_anybody_can_compute_the_checksum(tmp_path: Path) -> None:
    """As docs/database.md says."""

    def run(text: str) -> str:
        done = subprocess.run(  # noqa: S602  # as users type it
            text, shell=True, cwd=tmp_path, check=True, capture_output=True, text=True
        )
        return done.stdout

    run("git init -q -b main && mkdir -p packs/payments/lib && echo a > packs/payments/pack.yaml")
    run("git config user.name a && git config user.email a@example.com")
    values = []
    for text in ("one", "two"):
        run(f"echo {text} > packs/payments/lib/any && git add . && git commit -qm {text}")
        tree = run("git rev-parse main:packs/payments").strip()
        command = documented("git rev-parse", "console")
        assert run(command).split() == [checksum(tree), "-"]
        values.append(checksum(tree))
    assert values[0] != values[1]
