"""Texts that git and curl printed, and what a user is told. The live ones are in the HTTP tests."""

from __future__ import annotations

import pytest

from controller.errors import PackError, Reason, Stalled, Transient
from controller.source.access import OPEN, Access, HttpLogin
from controller.source.faults import explain, is_refusal, unknown
from controller.source.urls import Scheme, parse_url

URL = parse_url("https://git.example.com/SSL/timed%20out.git", frozenset(Scheme))
LOGIN = HttpLogin("robot", "hunter2-secret")

TEXTS: dict[str, tuple[str, type[PackError], Reason]] = {
    "disk full": (
        "fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output",
        Transient,
        Reason.CACHE_UNAVAILABLE,
    ),
    "read-only": (
        "fatal: unable to create '/c/m.git/shallow.lock': Read-only file system",
        Transient,
        Reason.CACHE_UNAVAILABLE,
    ),
    "not ours": (
        "fatal: could not open '/c/m.git/objects/pack/tmp_x' for writing: Permission denied",
        Transient,
        Reason.CACHE_UNAVAILABLE,
    ),
    "too large": (
        "fatal: write error: File too large\nfatal: fetch-pack: invalid index-pack output",
        Stalled,
        Reason.LIMIT_EXCEEDED,
    ),
    "damaged pack": (
        "fatal: pack is corrupted (SHA1 mismatch)\nfatal: fetch-pack: invalid index-pack output",
        Transient,
        Reason.GIT_UNREACHABLE,
    ),
    "plain files": (
        "fatal: dumb http transport does not support shallow capabilities",
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
    ),
    "bad commit": (
        (
            "error: bogus commit object 7bbd25b0c78fceec82d5f06218f12dae9eeca564\n"
            "fatal: invalid commit\nfatal: fetch-pack: invalid index-pack output"
        ),
        Stalled,
        Reason.PACK_INVALID,
    ),
    "certificate (OpenSSL)": (
        f"fatal: unable to access '{URL}/': SSL certificate problem: certificate has expired",
        Transient,
        Reason.CERTIFICATE_INVALID,
    ),
    "certificate (GnuTLS)": (
        f"fatal: unable to access '{URL}/': server certificate verification failed. CAfile: none",
        Transient,
        Reason.CERTIFICATE_INVALID,
    ),
    "silence": (
        (
            f"fatal: unable to access '{URL}/': Operation too slow. "
            "Less than 1 bytes/sec transferred the last 20 seconds"
        ),
        Transient,
        Reason.GIT_TIMEOUT,
    ),
    "connect": (
        (
            f"fatal: unable to access '{URL}/': Failed to connect to git.example.com "
            "port 443 after 130 ms: Couldn't connect to server"
        ),
        Transient,
        Reason.GIT_UNREACHABLE,
    ),
    "lost in a pack": (
        (
            "error: RPC failed; curl 18 transfer closed with outstanding read data remaining\n"
            "error: 4242 bytes of body are still expected\nfatal: early EOF\n"
            "fatal: fetch-pack: invalid index-pack output"
        ),
        Transient,
        Reason.GIT_UNREACHABLE,
    ),
    "malformed object": (
        (
            "error: object 5d41: hasDotdot: contains '..'\nfatal: fsck error in packed object\n"
            "fatal: fetch-pack: invalid index-pack output"
        ),
        Stalled,
        Reason.PACK_INVALID,
    ),
    "prompt": (
        (
            "error: unable to read askpass response from '/bin/false'\n"
            f"fatal: could not read Username for '{URL.origin}': terminal prompts disabled"
        ),
        Stalled,
        Reason.AUTHENTICATION_FAILED,
    ),
}


@pytest.mark.parametrize(("text", "error", "reason"), TEXTS.values(), ids=TEXTS.keys())
def test_known_texts(text: str, error: type[PackError], reason: Reason) -> None:
    found = explain(text, URL, OPEN)
    assert found is not None
    assert (type(found), found.reason) == (error, reason)
    assert str(URL) in found.message
    assert found.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fatal: bad object 5d41",
        "remote: fatal: No space left on device\nfatal: the remote said something",
        f"fatal: something about '{URL}'",
    ],
)
def test_what_is_not_known_is_not_guessed(text: str) -> None:
    assert explain(text, URL, OPEN) is None


def test_unknown_words_are_shown_without_secrets() -> None:
    text = f"remote: noise\nfatal: odd {LOGIN.header} hunter2-secret\x1b[2J {'x' * 5000}\n"
    found = unknown(text, URL, Access(LOGIN))
    assert found.reason is Reason.GIT_UNREACHABLE
    assert "odd" in found.message
    assert len(found.message) < 600
    assert found.message.isprintable()
    assert not [secret for secret in LOGIN.secrets if secret in str(found)]


@pytest.mark.parametrize(
    "text",
    [
        "fatal: remote error: upload-pack: not our ref 1111",
        "error: Server does not allow request for unadvertised object 1111",
        "fatal: couldn't find remote ref 1111",
    ],
)
def test_refusals_of_an_id(text: str) -> None:
    assert is_refusal(text)
