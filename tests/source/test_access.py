from __future__ import annotations

import pytest

from controller.errors import Reason, Stalled
from controller.source.access import HttpLogin, Proxy


def test_headers() -> None:
    basic = HttpLogin("aladdin", "open sesame")
    assert basic.header == "Authorization: Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    assert HttpLogin(bearer_token="t0ken").header == "Authorization: Bearer t0ken"


def test_nothing_shows() -> None:
    for one in (HttpLogin("user", "hunter2"), HttpLogin(bearer_token="hunter2")):
        assert "hunter2" not in f"{one!r} {one} {one.identity}"


def test_identities_differ() -> None:
    every = [HttpLogin("a", "bc"), HttpLogin("ab", "c"), HttpLogin(bearer_token="abc")]
    assert len({one.identity for one in every}) == len(every)


@pytest.mark.parametrize(
    ("username", "password", "token"),
    [
        ("", "", ""),
        ("a", "b", "c"),
        ("a:b", "c", ""),
        ("a", "b\r\nX-Evil: 1", ""),
        ("", "", "a\nX-Evil: 1"),
        ("", "", "a b"),
        ("", "", "é"),
    ],
    ids=["nothing", "both", "colon", "password break", "token break", "space", "not ASCII"],
)
def test_unusable(username: str, password: str, token: str) -> None:
    with pytest.raises(Stalled) as refused:
        HttpLogin(username, password, token)
    assert refused.value.reason is Reason.AUTHENTICATION_FAILED
    assert "Evil" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("proxy.example.com:3128", ""),
        ("ftp://proxy.example.com", ""),
        ("http://user:hunter2@proxy.example.com", ""),
        ("http://proxy.example.com/path", ""),
        ("http://proxy.example.com:0", ""),
        ("http://proxy.example.com:99999", ""),
        ("http://proxy.example.com\n", ""),
        ("socks5://proxy.example.com", "pässword-hunter2"),
        ("socks5h://proxy.example.com", "hunter2" * 40),
    ],
)
def test_unusable_proxies(address: str, password: str) -> None:
    with pytest.raises(Stalled) as refused:
        Proxy(address, "user", password)
    assert refused.value.reason is Reason.AUTHENTICATION_FAILED
    assert "proxySecretRef" in refused.value.hint
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("http://proxy.example.com:3128", "proxy.example.com", 3128),
        ("http://proxy.example.com/", "proxy.example.com", 1080),
        ("https://proxy.example.com", "proxy.example.com", 443),
        ("socks5h://[2001:DB8::1]:9", "[2001:db8::1]", 9),
    ],
)
def test_places_of_proxies(address: str, host: str, port: int) -> None:
    proxy = Proxy(address, "user", "hunter2")
    assert (proxy.host, proxy.port) == (host, port)
    assert "hunter2" not in f"{proxy!r} {proxy}"
    assert "dXNlcjpodW50ZXIy" in proxy.secrets
