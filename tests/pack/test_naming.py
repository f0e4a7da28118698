"""Every name of an applied revision that people type, and every one that is none."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.pack.naming import RETENTION, NoSuchRevision, numbers, read_name, shortened

ONE, TWO, THREE = "1f3a" + "0" * 36, "1f3b" + "0" * 36, "2222222" + "a" * 33


@dataclass(frozen=True, slots=True)
class Kept:
    """An applied revision, as far as it has names."""

    number: int
    followed: str
    commit: str

    @property
    def revision(self) -> str:
        return f"{self.followed}@sha1:{self.commit}" if self.followed else f"sha1:{self.commit}"


HISTORY = (
    Kept(9, "main", ONE),
    Kept(8, "v1.2.0", THREE),
    Kept(7, "team/main", TWO),
    Kept(4, "main", ONE),
    Kept(2, "", "3" * 40),
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("latest", 9),
        ("~0", 9),
        ("~1", 8),
        ("~", 8),
        ("latest~2", 7),
        ("~4", 2),
        ("9", 9),
        ("2", 2),
        ("9~1", 8),
        ("7~2", 2),
        (ONE, 9),
        ("1f3a", 9),
        ("1F3A0", 9),
        ("1f3b", 7),
        ("1f3b~1", 4),
        ("2222222", 8),
        ("main@1f3a", 9),
        (f"main@sha1:{ONE}", 9),
        ("team/main@1f3b", 7),
        ("v1.2.0@2222222a", 8),
        ("3333333", 2),
        ("sha1:3333", 2),
    ],
)
def test_a_name_is_one_revision(typed: str, number: int) -> None:
    assert read_name(typed).among("demo", HISTORY).number == number


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("10", "demo has no revision 10 yet. Kept: revisions 2, 4, 7 to 9."),
        ("5", f"demo does not keep revision 5 any more ({RETENTION}). Kept: revisions 2, 4, 7 to"),
        ("1", f"demo does not keep revision 1 any more ({RETENTION}). Kept: revisions 2, 4, 7 to"),
        ("~5", "demo keeps no revision ~5. Kept: revisions 2, 4, 7 to 9."),
        ("2~1", "demo keeps no revision 2~1. Kept: "),
        ("3333", "demo has no revision 3333 yet. "),
        ("ffff", "demo keeps no revision ffff. Kept: "),
        ("main@1f3b", "demo keeps no revision main@1f3b. "),
        ("MAIN@1f3a", "demo keeps no revision MAIN@1f3a. "),
    ],
)
def test_a_name_of_none_says_which_there_are(typed: str, said: str) -> None:
    with pytest.raises(NoSuchRevision) as caught:
        read_name(typed).among("demo", HISTORY)
    assert str(caught.value).startswith(said)


def test_the_beginning_of_several_commits_names_them_all() -> None:
    history = (Kept(3, "main", "1f3a" + "1" * 36), Kept(2, "main", "1f3a" + "2" * 36))
    with pytest.raises(NoSuchRevision) as caught:
        read_name("1f3a").among("demo", history)
    assert "3 (main@1f3a1111), 2 (main@1f3a2222). Give its number." in str(caught.value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "-1",
        "main",
        "HEAD",
        "1f3",
        "g" * 7,
        "main@",
        "@1f3a",
        "1~x",
        "~1~1",
        "012",
        "f" * 65,
    ],
)
def test_what_is_no_name_is_told_the_forms(typed: str) -> None:
    with pytest.raises(NoSuchRevision, match=r"names no revision\. Give its number "):
        read_name(typed)


@given(st.text(max_size=12))
def test_any_text_is_a_name_or_told_the_forms(text: str) -> None:
    with suppress(NoSuchRevision):
        assert read_name(text).text == text


@given(st.sets(st.integers(1, 40), min_size=1))
def test_every_kept_number_is_told_and_found(kept: set[int]) -> None:
    history = [Kept(number, "main", ONE) for number in sorted(kept, reverse=True)]
    told: set[int] = set()
    for run in numbers(history).split(", "):
        first, _, last = run.partition(" to ")
        told |= set(range(int(first), int(last or first) + 1))
    assert told == kept
    for place, one in enumerate(history):
        assert read_name(str(one.number)).among("demo", history) is one
        assert read_name(f"~{place}").among("demo", history) is one


@pytest.mark.parametrize(
    ("revision", "short"),
    [
        (f"main@sha1:{ONE}", "main@1f3a0000"),
        (f"a@b@sha1:{ONE}", "a@b@1f3a0000"),
        (f"sha1:{ONE}", "1f3a0000"),
        ("main@sha256:" + "e" * 64, "main@eeeeeeee"),
    ],
)
def test_a_revision_is_shortened_for_people(revision: str, short: str) -> None:
    assert shortened(revision) == short
