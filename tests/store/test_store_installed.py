"""What the database has of the packs that others need."""

from __future__ import annotations

from controller.store import Store
from tests.store.make import MANIFEST, TEAM_A, query, request, workflows


def _pack(url: str, ref: str, version: str, *dependencies: str) -> None:
    query(
        url,
        "INSERT INTO attune.pack (ref, label, version, dependencies)"
        " VALUES (%(ref)s, 'x', %(version)s, %(dependencies)s)",
        {"ref": ref, "version": version, "dependencies": list(dependencies)},
    )


def test_they_and_what_they_need_in_turn(store: Store, url: str, heard: list[str]) -> None:
    assert store.installed([]) == ()
    assert heard == []
    _pack(url, "ui", "2.0.0", "base>=1", "Not a ref")
    _pack(url, "base", "1.0.0", " ui", "gone")
    _pack(url, "other", "1.0.0")
    found = store.installed(["ui", "missing"])
    assert [tuple(one) for one in found] == [
        ("base", "1.0.0", [" ui", "gone"]),
        ("ui", "2.0.0", ["base>=1", "Not a ref"]),
    ]


def test_what_was_applied_is_told_with_the_versions_it_needs(store: Store, url: str) -> None:
    assert MANIFEST.dependencies == ("core",)
    store.sync(request(store, workflows("a")))
    before = store.recorded(TEAM_A)
    _pack(url, "core", "1.4.0")
    after = store.recorded(TEAM_A)
    assert before
    assert after
    assert (before.dependencies, before.versions) == (["core"], {})
    assert (after.dependencies, after.versions) == (["core"], {"core": "1.4.0"})
