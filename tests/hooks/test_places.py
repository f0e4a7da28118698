"""One repository, many URLs; and whom a push concerns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.hooks import follows, place
from controller.pack.spec import GitRef

SAME = {
    "a host of one's own": [
        "https://git.example.com/acme/packs.git",
        "https://git.example.com/acme/packs",
        "https://git.example.com/acme/packs/",
        "https://user:pass@git.example.com:8443/acme/packs.git",
        "HTTPS://GIT.Example.Com./Acme/Packs.GIT",
        "http://git.example.com//acme//packs.git",
        "ssh://git@git.example.com:7999/acme/packs.git",
        "git@git.example.com:acme/packs.git",
        "git.example.com:acme/packs",
        "git.example.com:/acme/packs",
        "git+ssh://git@git.example.com/acme/packs.git",
        "https://git.example.com/scm/acme/packs.git",
        "https://git.example.com/acme/p%61cks?x=1#y",
    ],
    "GitHub": [
        "https://github.com/acme/packs",
        "https://www.github.com/acme/packs",
        "ssh://git@ssh.github.com:443/acme/packs.git",
        "git://github.com/acme/packs.git",
    ],
    "Azure DevOps": [
        "https://acme@dev.azure.com/acme/Tools/_git/packs",
        "https://dev.azure.com/acme/Tools/_git/packs",
        "git@ssh.dev.azure.com:v3/acme/Tools/packs",
        "https://acme.visualstudio.com/Tools/_git/packs",
        "https://acme.visualstudio.com/DefaultCollection/Tools/_git/packs",
        "acme@vs-ssh.visualstudio.com:v3/acme/Tools/packs",
    ],
    "Azure DevOps, the project's own": [
        "https://dev.azure.com/acme/_git/packs",
        "https://dev.azure.com/acme/packs/_git/packs",
        "git@ssh.dev.azure.com:v3/acme/packs/packs",
    ],
    "IPv6": [
        "https://[2001:db8::1]/a/b",
        "ssh://git@[2001:DB8::1]:22/a/b.git",
        "[2001:db8::1]:a/b",
    ],
    "a folder": ["file:///srv/git/packs.git", "file:///srv/git/packs"],
}


@pytest.mark.parametrize("urls", SAME.values(), ids=SAME.keys())
def test_all_forms_of_a_url_are_one_place(urls: list[str]) -> None:
    assert len({place(url) for url in urls}) == 1, {url: place(url) for url in urls}
    assert place(urls[0])


def test_other_repositories_are_other_places() -> None:
    urls = [
        *(urls[0] for urls in SAME.values()),
        "https://git.example.com/acme/packs2",
        "https://git.example.com/acme/packs/sub",
        "https://git.example.com/other/packs",
        "https://example.com/acme/packs",
        "https://git.example.com/scm/packs",
    ]
    assert len({place(url) for url in urls}) == len(urls)


@pytest.mark.parametrize("url", ["", " ", "packs", "/srv/git", "https://", "https://host", "host:"])
def test_what_is_no_url_is_no_place(url: str) -> None:
    assert not place(url)


@given(st.text(max_size=100))
def test_any_text_has_a_place_or_none(text: str) -> None:
    found = place(text)
    assert not found or "/" in found


_MAIN, _TAG, _PULL = "refs/heads/main", "refs/tags/v1.2.0", "refs/pull/7/head"


@pytest.mark.parametrize(
    ("wanted", "followed"),
    [
        (None, {_MAIN}),
        (GitRef(), {_MAIN}),
        (GitRef(branch="main"), {_MAIN}),
        (GitRef(branch="dev"), set()),
        (GitRef(tag="v1.2.0"), {_TAG}),
        (GitRef(tag="v1.3.0"), set()),
        (GitRef(semver="^1"), {_TAG}),
        (GitRef(name=_PULL), {_PULL}),
        (GitRef(commit="1" * 40), {_MAIN}),
    ],
)
def test_a_push_concerns_those_who_follow_its_reference(
    wanted: GitRef | None, followed: set[str]
) -> None:
    assert {ref for ref in (_MAIN, _TAG, _PULL) if follows(wanted, [ref])} == followed
    assert follows(wanted, [])
