"""The examples of the pages do what the pages say."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from controller.explain import PAGES, Example, Page
from controller.pack.diagnostic import Level
from controller.pack.rules import CATALOGUE
from controller.pack.tree import EntryKind
from controller.validate import Installed, InstalledPack
from tests.validate.packs import check, codes

ALL = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
COMMENTED = [page for page in PAGES.values() if page.rule.adjustable and page.comment]

Files = Mapping[str, str | bytes | EntryKind]


def found_in(
    example: Example, files: Files | None = None, levels: Mapping[str, Level] | None = None
) -> list[str]:
    """The codes that a check of the example says, with some more `files` in it."""
    known = None if example.database is None else dict.fromkeys(example.database)
    packs = {
        ref: InstalledPack(version, tuple(needs))
        for ref, (version, *needs) in example.packs.items()
    }
    installed = None if example.database is None else Installed(packs)
    checked = check(
        {**example.pack, **(files or {})},
        manifest=None,
        expected_ref=example.spec_ref,
        levels=levels,
        known=known,
        installed=installed,
    )
    return codes(checked.diagnostics)


def test_every_rule_has_a_page() -> None:
    assert list(PAGES) == [rule.code for rule in CATALOGUE]


@ALL
def test_bad_example_breaks_the_rule_and_no_other(page: Page) -> None:
    assert {*found_in(page.bad)} == {page.rule.code, *page.also}


@ALL
def test_good_example_breaks_no_rule(page: Page) -> None:
    assert found_in(page.good) == []


@ALL
def test_settings_take_the_rule_away_where_the_page_says_so(page: Page) -> None:
    code = page.rule.code
    if not page.rule.adjustable:
        assert code in found_in(page.bad, levels={code: Level.IGNORE})
        return
    settings = f'[severities]\n{code} = "Ignore"\n'
    assert code not in found_in(page.bad, {"packctl.toml": settings})
    assert code not in found_in(page.bad, levels={code: Level.IGNORE})


@pytest.mark.parametrize("page", COMMENTED, ids=lambda page: page.rule.code)
def test_a_comment_takes_the_rule_away_where_the_page_says_so(page: Page) -> None:
    comment = f"# attune: ignore-file[{page.rule.code}]\n"
    files = {
        path: comment + content
        for path, content in page.bad.pack.items()
        if path.endswith(".yaml") and isinstance(content, str)
    }
    assert page.rule.code not in found_in(page.bad, files)
