"""What a pack needs of others: which versions will do, and packs that need each other."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.pack.rules import UNMET_DEPENDENCY
from controller.pack.ways import way
from controller.validate import Installed, InstalledPack, are_met
from controller.validate.needs import need
from tests.validate.packs import MANIFEST, check, said

ALLOWED = {
    "core": ("0.0.1", "2.0.0-rc.1", "latest"),
    "core@1.0.0": ("1.0.0", "1.0.0+build", "1.0.0-rc.1"),
    "core@v1": ("1.0.0", "1.9.9"),
    "core>=1.2,<2": ("1.2.0", "1.99.0"),
    "core >=1.2 <2": ("1.2.0",),
    "core ^1.0": ("1.0.0", "1.7.0"),
    "core~1.2": ("1.2.0", "1.2.9"),
    "core ~> 1.2": ("1.2.0", "1.2.9"),
    "core~=1.2": ("1.2.0", "1.9.0"),
    "core~=1.2.3": ("1.2.3", "1.2.9"),
    "core==1.0.0": ("1.0.0",),
    "core===1.0.0": ("1.0.0",),
    "core=1.0": ("1.0.0", "1.0.7"),
    "core != 1.0.0": ("1.0.1", "0.9.0"),
    "core>=1,!=1.5.0": ("1.4.0", "1.6.0"),
    "core 1.x": ("1.0.0",),
    "core@*": ("0.0.0", "1.0.0-beta"),
    "core>1.0": ("1.1.0",),
    "core>=1.0.0-rc.1": ("1.0.0-rc.2", "1.0.0"),
    "core^1.0.0-rc.1": ("1.0.0-rc.2", "1.7.0"),
}
NOT_ALLOWED = {
    "core@1.0.0": ("1.0.1",),
    "core>=1.2,<2": ("1.1.9", "2.0.0", "2.0.0-rc.1"),
    "core ^1.0": ("2.0.0", "0.9.0"),
    "core~1.2": ("1.3.0",),
    "core~=1.2": ("2.0.0", "1.1.0"),
    "core~=1.2.3": ("1.3.0", "1.2.2"),
    "core==1.0.0": ("1.0.1",),
    "core != 1.0.0": ("1.0.0",),
    "core>=1,!=1.5.0": ("1.5.0", "0.5.0"),
    "core>=1.0.0-rc.2": ("1.0.0-rc.1", "latest"),
    "core^1.0.0-rc.2": ("1.0.0-rc.1", "2.0.0"),
    "core=1.0.0-rc.2": ("1.0.0-rc.1", "1.0.0"),
}


@pytest.mark.parametrize("text", ALLOWED)
def test_versions_that_will_do(text: str) -> None:
    found = need(text)
    assert found
    assert found.ref == "core"
    assert [version for version in ALLOWED[text] if not found.allows(version)] == []


@pytest.mark.parametrize("text", NOT_ALLOWED)
def test_versions_that_will_not_do(text: str) -> None:
    found = need(text)
    assert found
    assert [version for version in NOT_ALLOWED[text] if found.allows(version)] == []


@given(st.from_regex(r"[a-z]{2,4}[ @]?([<>=!~^]{0,3} ?[0-9x*.v-]{0,6}[, ]{0,2}){0,3}"), st.data())
def test_nothing_that_is_understood_is_too_much(text: str, data: st.DataObject) -> None:
    numbers = data.draw(st.tuples(*[st.integers(0, 10**6)] * 3))
    found = need(text)
    if found is not None:
        assert found.allows(".".join(map(str, numbers))) in {True, False}


def _told(dependencies: list[str], installed: Installed | None) -> list[tuple[str, str]]:
    manifest = f"{MANIFEST}dependencies: {json.dumps(dependencies)}\n"
    return said(check({}, manifest=manifest, known={}, installed=installed))


CORE = InstalledPack("1.4.0")


def _packs(**packs: InstalledPack) -> Installed:
    return Installed(packs)


def test_nothing_is_said_where_no_database_was_asked() -> None:
    assert _told(["core>=9"], None) == []


def test_each_pack_that_is_missing_or_too_old_is_told() -> None:
    wanted = ["core>=1.0", "core>=2", "ui", "demo", "Not A Ref"]
    assert _told(wanted, _packs(core=CORE)) == [
        ("ATT605", "dependencies[4]"),
        ("ATT607", "dependencies[1]"),
        ("ATT607", "dependencies[2]"),
        ("ATT608", "dependencies[3]"),
    ]


def test_what_is_missing_is_no_fault_of_the_files() -> None:
    manifest = f"{MANIFEST}dependencies: [core>=2]\n"
    checked = check({}, manifest=manifest, installed=_packs(core=CORE))
    (one,) = checked.diagnostics
    assert one.is_error
    assert one.rule is UNMET_DEPENDENCY
    assert "needs `core>=2`, and the database has version 1.4.0 of it" in one.message
    assert checked.manifest is not None
    assert checked.invalid == ()


def test_a_circle_is_told_once() -> None:
    there = _packs(
        ui=InstalledPack("1.0.0", ("base >= 1",)), base=InstalledPack("1.0.0", ("demo", "ui"))
    )
    manifest = f"{MANIFEST}dependencies: [ui, base]\n"
    (one,) = check({}, manifest=manifest, installed=there).diagnostics
    assert (one.rule.code, one.path) == ("ATT608", "dependencies[0]")
    assert "demo → ui → base → demo" in one.message


def test_a_circle_of_others_is_their_own() -> None:
    there = _packs(ui=InstalledPack("1.0.0", ("base",)), base=InstalledPack("1.0.0", ("ui",)))
    assert _told(["ui"], there) == []


def test_one_that_waits_for_this_pack_is_not_waited_for() -> None:
    waiting = {"ui": frozenset({"base"}), "base": frozenset({"demo"}), "other": frozenset({"x"})}
    told = _told(["ui>=2", "other"], Installed({}, waiting))
    assert told == [("ATT607", "dependencies[1]"), ("ATT608", "dependencies[0]")]


@given(st.dictionaries(st.sampled_from("abcdef"), st.frozensets(st.sampled_from("abcdef"))))
def test_a_way_is_a_way(graph: dict[str, frozenset[str]]) -> None:
    found = way("b", "a", lambda one: graph.get(one, ()))
    if found:
        assert (found[0], found[-1]) == ("b", "a")
        assert all(after in graph[before] for before, after in pairwise(found))
    else:
        assert "a" not in _reached("b", graph)


def _reached(start: str, graph: dict[str, frozenset[str]]) -> set[str]:
    seen: set[str] = set()
    pending = {start}
    while pending:
        seen |= pending
        pending = {after for ref in pending for after in graph.get(ref, ())} - seen
    return seen


@pytest.mark.parametrize(
    ("dependencies", "versions", "met"),
    [
        ((), {}, True),
        (("core",), {}, False),
        (("core >= 1",), {"core": "1.4.0"}, True),
        (("core >= 2",), {"core": "1.4.0"}, False),
        (("core >> 2", "Core"), {}, True),
    ],
)
def test_are_met(dependencies: tuple[str, ...], versions: dict[str, str], met: bool) -> None:
    assert are_met(dependencies, versions) is met
