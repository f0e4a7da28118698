"""Where the API of a repository's host is."""

from __future__ import annotations

import pytest

from controller.notify import Undelivered, api_of
from controller.pack.spec import Provider
from controller.source.urls import Scheme, parse_url

_P = Provider
KNOWN = [
    ("https://github.com/acme/packs.git", None, "https://api.github.com", "acme/packs"),
    ("git@github.com:acme/packs.git", None, "https://api.github.com", "acme/packs"),
    ("https://gitlab.com/a/b/c.git", None, "https://gitlab.com/api/v4", "a/b/c"),
    ("ssh://git@altssh.gitlab.com:443/a/b", None, "https://gitlab.com/api/v4", "a/b"),
    ("https://bitbucket.org/acme/packs", None, "https://api.bitbucket.org/2.0", "acme/packs"),
    ("https://codeberg.org/acme/packs", None, "https://codeberg.org/api/v1", "acme/packs"),
    ("https://ghe.example/a/b", _P.GITHUB, "https://ghe.example/api/v3", "a/b"),
    ("ssh://git@git.example:2222/a/b.git", _P.GITEA, "https://git.example/api/v1", "a/b"),
    ("https://git.example:8443/a/b", _P.GITLAB, "https://git.example:8443/api/v4", "a/b"),
    ("https://bb.example/scm/~me/b.git", _P.BITBUCKET_DATA_CENTER, "https://bb.example", "~me/b"),
    ("ssh://git@bb.example:7999/PRJ/b", _P.BITBUCKET_DATA_CENTER, "https://bb.example", "PRJ/b"),
]


@pytest.mark.parametrize(("url", "provider", "base", "path"), KNOWN)
def test_the_api_is_found(url: str, provider: Provider | None, base: str, path: str) -> None:
    found = api_of(provider, parse_url(url, frozenset()))
    assert (found.base, found.path) == (base, path)


def test_an_address_says_otherwise() -> None:
    url = parse_url("https://git.example/forge/a/b", frozenset())
    found = api_of(Provider.GITEA, url, "https://git.example/forge/api/v1/")
    assert found.base == "https://git.example/forge/api/v1"


def test_a_name_is_quoted_and_breaks_out_of_no_path() -> None:
    url = parse_url("https://github.com/a%3Fb/c%23d%2Fe", frozenset())
    assert api_of(None, url).path == "a%3Fb/c%23d%2Fe"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://git.example.com/a/b", "set spec.notify.commitStatus.provider"),
        ("file:///srv/git/a", "no host to show a status"),
    ],
)
def test_what_has_no_api_is_told(url: str, told: str) -> None:
    with pytest.raises(Undelivered, match=told):
        api_of(None, parse_url(url, frozenset({Scheme.FILE})))


def test_more_than_owner_and_name_is_told() -> None:
    with pytest.raises(Undelivered, match="no owner and name"):
        _ = api_of(None, parse_url("https://github.com/a/b/c", frozenset())).parts
