from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.errors import InvalidSpec, Reason
from controller.source.target import GitReference, GitTarget, ReferenceKind, is_reference_name


@given(st.text(st.sampled_from("ab/.@{}~^:?*[\\ -\n\x7f") | st.characters(codec="utf-8")))
@settings(max_examples=40, deadline=None)
def test_names_are_those_that_git_takes(name: str) -> None:
    if not is_reference_name(name):
        return
    answer = subprocess.run(["git", "check-ref-format", f"refs/heads/{name}"], check=False)
    assert answer.returncode == 0


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-x",
        "@",
        "a..b",
        "a b",
        "a~1",
        "a^",
        "a:b",
        "a*",
        "a/",
        "/a",
        "a//b",
        ".a",
        "a.",
        "a/.b",
        "a.lock",
        "a@{1}",
        "a\\b",
        "a\nb",
    ],
)
def test_unusable_names(name: str) -> None:
    for kind in (ReferenceKind.BRANCH, ReferenceKind.TAG):
        with pytest.raises(InvalidSpec) as refused:
            GitReference(kind, name)
        assert refused.value.reason is Reason.INVALID_SPEC


@pytest.mark.parametrize("name", ["", "abc", "A" * 40, "g" * 40, "a" * 41, "a" * 40 + "\n"])
def test_a_commit_is_a_full_id(name: str) -> None:
    with pytest.raises(InvalidSpec, match="full commit id"):
        GitReference(ReferenceKind.COMMIT, name)


@pytest.mark.parametrize("path", ["/", "/a", "a/", "a//b", "..", "a/../b", ".", "./a", "a\nb"])
def test_a_path_stays_inside(path: str) -> None:
    with pytest.raises(InvalidSpec, match="not a folder inside"):
        GitTarget("https://h/x", path=path)
