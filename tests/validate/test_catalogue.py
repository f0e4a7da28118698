"""Every rule has a code of its own, and a test that breaks it."""

from __future__ import annotations

from pathlib import Path

from controller.pack.diagnostic import Category, Severity
from controller.pack.rules import CATALOGUE

TESTS = Path(__file__).parents[1]


def test_codes_are_unique_and_ordered() -> None:
    codes = [rule.code for rule in CATALOGUE]
    assert codes == sorted(set(codes))


def test_every_rule_is_broken_by_a_test() -> None:
    rooms = [TESTS / room for room in ("load", "workflow", "validate")]
    tests = "".join(path.read_text() for room in rooms for path in sorted(room.rglob("*.py")))
    assert [rule.code for rule in CATALOGUE if f'"{rule.code}"' not in tests] == []


def test_limits_and_syntax_are_told_apart_from_the_rest() -> None:
    kinds = {rule.code[:4]: set[Category]() for rule in CATALOGUE}
    for rule in CATALOGUE:
        kinds[rule.code[:4]].add(rule.category)
    assert kinds["ATT1"] == {Category.SYNTAX}
    assert kinds["ATT2"] == {Category.SCHEMA}
    assert kinds["ATT3"] == {Category.SEMANTICS}
    assert kinds["ATT5"] == {Category.REFERENCE}


def test_warnings_keep_nothing_out() -> None:
    assert {rule.severity for rule in CATALOGUE} == {Severity.ERROR, Severity.WARNING}
