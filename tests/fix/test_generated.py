"""Whatever a file looks like: fixed, it is stored as before, with all comments, and stays fixed."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from controller.fix import Fixed, fix
from tests.fix.files import File, files
from tests.fix.reading import meaning

ANY = settings(deadline=None)  # a shared machine may stall
LEGACY = {"on_success", "on_failure", "on_complete", "on_timeout", "decision"}


@ANY
@given(files())
def test_is_stored_as_before_and_nothing_new_is_said(file: File) -> None:
    assert meaning(fix(file.text).text) == meaning(file.text).without("ATT207")


@ANY
@given(files())
def test_every_comment_stays_and_nothing_legacy_does(file: File) -> None:
    fixed = fix(file.text)
    lines = fixed.text.removeprefix("\ufeff").splitlines()
    kept = [line[line.index("# comment") :] for line in lines if "# comment" in line]
    assert sorted(kept) == sorted(file.comments)
    assert {re.split("[ -]+|:", f" {line}")[1] for line in lines}.isdisjoint(LEGACY)
    assert fixed.withheld == ()


@ANY
@given(files())
def test_fixing_twice_is_fixing_once(file: File) -> None:
    once = fix(file.text).text
    assert fix(once) == Fixed(once)


@ANY
@given(files())
def test_line_ends_and_byte_order_mark_stay(file: File) -> None:
    fixed = fix(file.text).text
    breaks = set(re.findall("\r\n|\n|\r", fixed))
    assert breaks == set(re.findall("\r\n|\n|\r", file.text))
    assert fixed.startswith("\ufeff") == file.text.startswith("\ufeff")
    assert fixed.endswith("\n") == file.text.endswith("\n")


@ANY
@given(st.text(st.sampled_from("ab:- \n#{}[]\"'&*|>?!y1.,\t\r\u2028"), max_size=60))
def test_any_text_is_given_back_or_fixed_for_good(text: str) -> None:
    fixed = fix(text)
    assert fix(fixed.text).applied == ()
    assert bool(fixed.applied) == (fixed.text != text)
