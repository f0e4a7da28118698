from __future__ import annotations

import pytest

from controller.errors import Reason, Stalled
from controller.source.access import HttpLogin


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
