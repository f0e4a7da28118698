"""What servers say in version 2 of the protocol, and what is made of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.source.http.pktline import CutShortError, GarbageError, Line, Mark
from controller.source.http.protocol import (
    Capabilities,
    RefusedError,
    capabilities,
    references,
    request,
)
from controller.source.references import Advertised

SERVICE: list[Line] = [b"# service=git-upload-pack\n", Mark.FLUSH]
OID = b"5d41402abc4b2a76b9719d911017c592aabbccdd"
OTHER = OID[::-1].replace(b"d", b"e")
SHA256 = b"ab" * 32


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (
            [
                *SERVICE,
                *(b"version 2\n", b"agent=git/2.39\n", b"ls-refs=unborn\n"),
                *(b"object-format=sha256\n", Mark.FLUSH),
            ],
            Capabilities(agent=True, object_format="sha256"),
        ),
        ([b"version 2\n", b"ls-refs\n", Mark.FLUSH], Capabilities()),
        ([b"version 2", b"fetch", Mark.FLUSH], None),
        ([b"version 2", b"ls-refs", b"object-format=sha512", Mark.FLUSH], None),
        ([*SERVICE, b"version 1\n", OID + b" HEAD\0caps\n", Mark.FLUSH], None),
        ([*SERVICE, OID + b" HEAD\0multi_ack\n", Mark.FLUSH], None),
        ([*SERVICE, Mark.FLUSH], None),
    ],
)
def test_capabilities(said: list[Line], known: Capabilities | None) -> None:
    assert capabilities(iter(said)) == known


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ([], CutShortError),
        (SERVICE[:1], CutShortError),
        (SERVICE, CutShortError),
        ([*SERVICE, b"version 2\n", b"ls-refs\n"], CutShortError),
        ([SERVICE[0], b"version 2\n"], GarbageError),
        ([b"version 2\n", Mark.DELIMITER], GarbageError),
        ([Mark.FLUSH], GarbageError),
        ([*SERVICE, b"ERR no\n"], RefusedError),
    ],
)
def test_bad_capabilities(said: list[Line], error: type[Exception]) -> None:
    with pytest.raises(error):
        capabilities(iter(said))


def test_the_question() -> None:
    asked = request(Capabilities(agent=True, object_format="sha1"), ("HEAD", "refs/tags/"))
    assert asked.startswith(b"0014command=ls-refs\n")
    assert b"object-format=sha1\n0001" in asked
    assert asked.endswith(b"0014ref-prefix HEAD\n001aref-prefix refs/tags/\n0000")
    assert b"ref-prefix" not in request(Capabilities(), ())
    assert b"ref-prefix" not in request(Capabilities(), ("refs/heads/x",) * 2000)


def test_the_answer() -> None:
    said: list[Line] = [
        OID + b" HEAD symref-target:refs/heads/main\n",
        OID + b" refs/heads/main\n",
        OTHER + b" refs/tags/v1 peeled:" + OID + b"\n",
        OTHER + b" refs/pull/7/head\n",  # more than was asked for
        Mark.FLUSH,
    ]
    seen = references(iter(said), Capabilities(), ("HEAD", "refs/heads/", "refs/tags/"))
    oid, other = OID.decode(), OTHER.decode()
    assert seen == Advertised(
        {
            "HEAD": oid,
            "refs/heads/main": oid,
            "refs/tags/v1": other,
            "refs/tags/v1^{}": oid,
        },
        "refs/heads/main",
    )


def test_an_empty_repository_and_longer_ids() -> None:
    unborn: list[Line] = [b"unborn HEAD symref-target:refs/heads/main", Mark.FLUSH]
    assert references(iter(unborn), Capabilities(), ()) == Advertised({}, "refs/heads/main")
    long: list[Line] = [SHA256 + b" refs/heads/main", Mark.FLUSH]
    seen = references(iter(long), Capabilities(object_format="sha256"), ())
    assert seen.ids == {"refs/heads/main": SHA256.decode()}


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ([OID + b" HEAD"], CutShortError),
        ([OID, Mark.FLUSH], GarbageError),
        ([OID[:-1] + b" HEAD", Mark.FLUSH], GarbageError),
        ([b"--upload-pack=x HEAD", Mark.FLUSH], GarbageError),
        ([OID.upper() + b" HEAD", Mark.FLUSH], GarbageError),
        ([OID + b" refs/tags/v1 peeled:+x", Mark.FLUSH], GarbageError),
        ([SHA256 + b" HEAD", Mark.FLUSH], GarbageError),
        ([OID + b" HEAD", Mark.DELIMITER], GarbageError),
        ([b"ERR Authorization: Basic abc"], RefusedError),
    ],
)
def test_bad_answers(said: list[Line], error: type[Exception]) -> None:
    with pytest.raises(error):
        references(iter(said), Capabilities(), ())


@given(st.lists(st.one_of(st.binary(max_size=90), st.sampled_from(Mark)), max_size=6))
def test_whatever_a_server_says_ends_in_ids_or_a_known_error(said: list[Line]) -> None:
    for parse in (capabilities, lambda stream: references(stream, Capabilities(), ())):
        try:
            seen = parse(iter(said))
        except (GarbageError, RefusedError):
            continue
        if isinstance(seen, Advertised):
            assert all(len(oid) == 40 and int(oid, 16) >= 0 for oid in seen.ids.values())
