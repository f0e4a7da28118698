from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version

from controller.errors import InvalidSpec, Reason
from controller.source.versions import MAX_RANGE, check_range, newest, parse_version

TAGS = ["nightly", "v1.0.0", "v1.2.3", "v1.5.0-rc.1", "v1.10.0", "v2.0.0-rc.1", "v2.0.0", "v3.1.0"]


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        ("^1.2", "v1.10.0"),
        ("~1.2.0", "v1.2.3"),
        (">=1.0.0 <2.0.0", "v1.10.0"),
        (">=1.0.0, <2.0.0", "v1.10.0"),
        ("1.x", "v1.10.0"),
        ("*", "v3.1.0"),
        ("1.2 - 2.0", "v2.0.0"),
        ("1.x || ^3", "v3.1.0"),
        ("1.2.3", "v1.2.3"),
        ("=v1.2.3", "v1.2.3"),
        ("^4", ""),
        (">1.2.3 <1.10.0", ""),
        (">1.2.3-0 <1.10.0", "v1.5.0-rc.1"),
        (">=2.0.0-0 <2.0.0", ""),
        (">=2.0.0-rc.2 <2.0.0-rc.9", ""),
        (">2.0.0-alpha <2.0.0-rc.9", "v2.0.0-rc.1"),
        ("2.0.0-rc.2", ""),
        ("=v2.0.0-rc.1", "v2.0.0-rc.1"),
        ("^1.5.0-rc.2", "v1.10.0"),
        ("~1.5.0-rc.2", ""),
        ("~1.5.0-rc.1", "v1.5.0-rc.1"),
        ("<=1.5.0-rc.0", "v1.2.3"),
        ("1.0.0 - 1.5.0-rc.1", "v1.5.0-rc.1"),
        ("^4 || ~1.5.0-rc.1", "v1.5.0-rc.1"),
    ],
)
def test_the_newest_in_a_range(wanted: str, tag: str) -> None:
    assert newest(TAGS, wanted) == tag


@pytest.mark.parametrize(
    ("tags", "tag"),
    [
        (["1.0.0", "v1.0.0"], "v1.0.0"),
        (["v1.0.0+b", "v1.0.0+a"], "v1.0.0+b"),
        (["v1", "v1.0"], "v1.0"),
        (["v9", "v10"], "v10"),
        (["v1.02.0", "v1.2.3.4", "release-1.0.0", "v 1.0.0", ""], ""),
        (["\u0661.0.0", "1.0.0\n"], ""),
    ],
)
def test_which_tags_are_versions(tags: list[str], tag: str) -> None:
    assert newest(tags, "*") == tag
    assert newest(list(reversed(tags)), "*") == tag


@pytest.mark.parametrize(
    "wanted", ["", " ", "banana", "^^1", "1.x.y", "!=1.0", "--upload-pack=x", "9" * (MAX_RANGE + 1)]
)
def test_what_is_no_range(wanted: str) -> None:
    with pytest.raises(InvalidSpec, match="not a range") as refused:
        check_range(wanted)
    assert refused.value.reason is Reason.INVALID_SPEC


@given(st.text(max_size=40) | st.from_regex(r"[v0-9.x*<>=~^| -]{0,20}", fullmatch=True))
def test_any_text_is_a_range_or_refused(wanted: str) -> None:
    try:
        check_range(wanted)
    except InvalidSpec:
        return
    assert newest(TAGS, wanted) in {*TAGS, ""}


_NUMBERS = st.tuples(*[st.integers(0, 12)] * 3)


@given(st.lists(_NUMBERS, min_size=1))
def test_the_newest_is_the_highest(versions: list[tuple[int, int, int]]) -> None:
    tags = [f"v{major}.{minor}.{patch}" for major, minor, patch in versions]
    found = parse_version(newest(tags, "*"))
    assert found == max(Version(*numbers) for numbers in versions)
