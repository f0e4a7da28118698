"""The examples of the pages do what the pages say."""

from __future__ import annotations

import pytest

from controller.explain import PAGES, Example, Page
from controller.pack.diagnostic import Diagnostic, Level
from controller.pack.rules import CATALOGUE
from tests.validate.packs import check, codes

ALL = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())

NOT_FOUND_YET = (
    "ATT011", "ATT012", "ATT013", "ATT214", "ATT215",
    "ATT401", "ATT402", "ATT403", "ATT404", "ATT405", "ATT406", "ATT407", "ATT408", "ATT409",
    "ATT410", "ATT411", "ATT511", "ATT512", "ATT513", "ATT514", "ATT515", "ATT516", "ATT605",
    "ATT606", "ATT701", "ATT702", "ATT703", "ATT704",
)  # fmt: skip
"""Rules that nothing checks so far."""


def found_in(example: Example, levels: dict[str, Level] | None = None) -> tuple[Diagnostic, ...]:
    known = None if example.database is None else dict.fromkeys(example.database)
    checked = check(
        example.pack, manifest=None, expected_ref=example.spec_ref, levels=levels, known=known
    )
    return checked.diagnostics


def test_every_rule_has_a_page() -> None:
    assert list(PAGES) == [rule.code for rule in CATALOGUE]


@ALL
def test_bad_example_breaks_the_rule_and_no_other(page: Page) -> None:
    if page.rule.code in NOT_FOUND_YET:
        assert page.rule.code not in codes(found_in(page.bad))
    else:
        assert {*codes(found_in(page.bad))} == {page.rule.code, *page.also}


@ALL
def test_good_example_breaks_no_rule(page: Page) -> None:
    if page.rule.code != "ATT013":
        assert codes(found_in(page.good)) == []


@ALL
def test_a_level_takes_the_rule_away_where_the_page_says_so(page: Page) -> None:
    ignored = codes(found_in(page.bad, {page.rule.code: Level.IGNORE}))
    if page.rule.code not in NOT_FOUND_YET:
        assert (page.rule.code not in ignored) == page.rule.adjustable
