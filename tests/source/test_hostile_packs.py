"""Servers that send objects made to break who reads them: each ends in an error, and soon."""

from __future__ import annotations

import itertools
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from controller.errors import PackError, Reason
from controller.source.eviction import Budget
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from controller.source.urls import Scheme
from tests.source import packs
from tests.source.fake_server import ADVERTISEMENT, Answer, packet, reply, serving
from tests.source.packs import Packed, commit, copy, delta, pack, tree
from tests.source.watched import MEBIBYTE, watching

TIMEOUT = 20.0
"""Seconds: far more than any of them needs, and less than what some of them would take."""

RESULT = "application/x-git-upload-pack-result"
CAPABILITIES = (
    *(b"version 2\n", b"agent=hostile\n", b"ls-refs\n"),
    *(b"fetch=shallow wait-for-done filter\n", b"object-format=sha1\n"),
)

BLOB = Packed(packs.BLOB, b"ref: a\n")
TREE = tree(("100644", b"pack.yaml", BLOB.oid))
COMMIT = commit(TREE.oid)
GOOD = (COMMIT, TREE, BLOB)


def sending(chunks: Iterable[bytes]) -> Answer:
    """A server that answers a fetch with a pack of these chunks, as long as it is listened to."""
    service = packet(b"# service=git-upload-pack\n") + b"0000"
    advertise = reply(
        200, service + b"".join(map(packet, CAPABILITIES)) + b"0000", content_type=ADVERTISEMENT
    )

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.command == "GET":
            advertise(request)
            return
        request.send_response(200)
        request.send_header("Content-Type", RESULT)
        request.end_headers()
        try:
            request.wfile.write(packet(b"packfile\n"))
            for chunk in chunks:
                request.wfile.write(packet(b"\1" + chunk))
            request.wfile.write(b"0000")
        except ConnectionError:
            return

    return answer


def cut(data: bytes, size: int = 60_000) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def source(mirrors: Mirrors, url: str, oid: str = COMMIT.oid) -> GitSource:
    reference = GitReference(ReferenceKind.COMMIT, oid)
    return GitSource(mirrors, GitTarget(url, reference, timeout=TIMEOUT))


def bomb() -> bytes:
    """1 MiB of zeros, and a delta that makes 16 GiB of them."""
    base = Packed(packs.BLOB, b"\0" * MEBIBYTE)
    copies = delta(MEBIBYTE, 16 * 1024 * MEBIBYTE, copy(MEBIBYTE) * (16 * 1024))
    swollen = Packed(packs.REF_DELTA, copies, base=bytes.fromhex(base.oid))
    return pack([*GOOD, base, swollen])


def chain(length: int, size: int) -> bytes:
    """Deltas on deltas, each as large as the one before."""
    content = os.urandom(size)
    objects = [Packed(packs.BLOB, content)]
    for number in range(length):
        added = b"%08d" % number
        changed = added + content[: size - 8]
        instructions = bytes([8]) + added + copy(size - 8)
        base = bytes.fromhex(packs.oid("blob", content))
        objects.append(Packed(packs.REF_DELTA, delta(size, size, instructions), base=base))
        content = changed
    return pack([*GOOD, *objects])


def endless() -> Iterator[bytes]:
    """One object that never ends, of noise."""
    lies = Packed(packs.BLOB, b"", size=2**40)
    squeezer = zlib.compressobj(0)
    yield pack([lies], count=1)[:12] + lies.data[: -len(zlib.compress(b"", 9))]
    noise = os.urandom(50_000)
    for _ in itertools.count():
        yield from cut(squeezer.compress(noise))


def flipped(data: bytes) -> bytes:
    return data[:-25] + bytes([data[-25] ^ 1]) + data[-24:]


STRANGE_TREE = tree(("40000", b"workflows", BLOB.oid))
STRANGE = commit(STRANGE_TREE.oid)
NO_TREE = Packed(packs.COMMIT, b"author x\n\nno tree\n")

CUT = frozenset({Reason.GIT_UNREACHABLE, Reason.PACK_INVALID})
LIMIT = frozenset({Reason.LIMIT_EXCEEDED})
MALFORMED = frozenset({Reason.PACK_INVALID})
NOT_THERE = frozenset({Reason.GIT_UNREACHABLE, Reason.CACHE_UNAVAILABLE, Reason.REF_NOT_FOUND})

PACKS: dict[str, tuple[bytes, frozenset[Reason], str]] = {
    "nothing": (b"", CUT, COMMIT.oid),
    "no pack": (b"<!doctype html>" * 100, CUT, COMMIT.oid),
    "cut in its head": (pack(GOOD)[:10], CUT, COMMIT.oid),
    "cut in an object": (pack(GOOD)[:60], CUT, COMMIT.oid),
    "cut in its checksum": (pack(GOOD)[:-5], CUT, COMMIT.oid),
    "wrong checksum": (pack(GOOD)[:-1] + b"\0", CUT, COMMIT.oid),
    "flipped bit": (flipped(pack(GOOD)), CUT, COMMIT.oid),
    "more objects than it says": (pack(GOOD, count=2), CUT, COMMIT.oid),
    "fewer objects than it says": (pack(GOOD, count=4), CUT, COMMIT.oid),
    "four thousand million objects": (pack(GOOD, count=2**32 - 1), LIMIT | CUT, COMMIT.oid),
    "twenty million objects": (pack(GOOD, count=20_000_000), LIMIT, COMMIT.oid),
    "no objects": (pack([]), CUT | NOT_THERE, COMMIT.oid),
    "other objects": (pack([BLOB]), CUT | NOT_THERE, COMMIT.oid),
    "without the tree": (pack([COMMIT, BLOB]), CUT | NOT_THERE, COMMIT.oid),
    "no kind of object": (pack([*GOOD, Packed(5, b"x")]), CUT, COMMIT.oid),
    "smaller than it says": (pack([*GOOD, Packed(packs.BLOB, b"x", size=9)]), CUT, COMMIT.oid),
    "larger than it says": (pack([*GOOD, Packed(packs.BLOB, b"xyz", size=1)]), CUT, COMMIT.oid),
    "as large as no disk": (
        pack([*GOOD, Packed(packs.BLOB, b"x", size=2**60)]),
        CUT | LIMIT,
        COMMIT.oid,
    ),
    "a tree as large as no memory": (
        pack([*GOOD, Packed(packs.TREE, b"x", size=2**40)]),
        LIMIT,
        COMMIT.oid,
    ),
    "delta of what is not there": (
        pack([*GOOD, Packed(packs.REF_DELTA, delta(7, 7, copy(7)), base=b"\1" * 20)]),
        CUT,
        COMMIT.oid,
    ),
    "delta of what lies before the pack": (
        pack([*GOOD, Packed(packs.OFS_DELTA, delta(7, 7, copy(7)), base=b"\x7f\x7f\x7f")]),
        CUT,
        COMMIT.oid,
    ),
    "delta of another size": (
        pack([*GOOD, Packed(packs.REF_DELTA, delta(9, 7, copy(7)), base=bytes.fromhex(BLOB.oid))]),
        CUT,
        COMMIT.oid,
    ),
    "delta that makes 16 GiB": (bomb(), LIMIT, COMMIT.oid),
    "folder that is a file inside": (
        pack([STRANGE, STRANGE_TREE, BLOB]),
        MALFORMED,
        STRANGE.oid,
    ),
    "commit without a tree": (pack([NO_TREE]), MALFORMED, NO_TREE.oid),
    "tag as a commit": (
        pack([*GOOD, Packed(packs.TAG, b"object " + b"1" * 40 + b"\n")]),
        MALFORMED,
        COMMIT.oid,
    ),
}


@pytest.mark.parametrize(("data", "reasons", "oid"), PACKS.values(), ids=PACKS.keys())
def test_a_hostile_pack_is_an_error_and_leaves_nothing(
    mirrors: Mirrors, cache: Path, data: bytes, reasons: frozenset[Reason], oid: str
) -> None:
    with serving(sending(cut(data))) as server, watching() as peak:
        with pytest.raises(PackError) as failed:
            source(mirrors, server.url, oid).fetch()
        assert failed.value.reason in reasons, failed.value
        assert server.url in failed.value.message
    assert peak.size < 64 * MEBIBYTE
    assert list(cache.rglob("tmp_*")) == []
    # And the mirror is as good as ever.
    with serving(sending(cut(pack(GOOD)))) as server:
        assert [entry.path for entry in source(mirrors, server.url).fetch().entries]


FOLDER = tree(("40000", b"workflows", TREE.oid))
DEEP = commit(FOLDER.oid)


@pytest.mark.parametrize(
    ("sent", "oid"),
    [([COMMIT, BLOB], COMMIT.oid), ([DEEP, FOLDER], DEEP.oid)],
    ids=["tree", "folder"],
)
def test_a_server_that_leaves_out_objects_is_told_apart_from_a_cache_that_fails(
    mirrors: Mirrors, sent: list[Packed], oid: str
) -> None:
    with serving(sending(cut(pack(sent)))) as server, pytest.raises(PackError) as failed:
        source(mirrors, server.url, oid).fetch()
    assert failed.value.message == (
        f"The server of {server.url} does not send all objects of the commit."
    )
    assert failed.value.reason is Reason.GIT_UNREACHABLE
    assert "git fsck" in failed.value.hint


@pytest.mark.parametrize(("length", "size"), [(1, 1000), (20_000, 1000), (200, 900_000)])
def test_a_long_chain_of_deltas_is_only_work(mirrors: Mirrors, length: int, size: int) -> None:
    with serving(sending(cut(chain(length, size)))) as server, watching() as peak:
        assert source(mirrors, server.url).fetch().entries
    assert peak.size < 64 * MEBIBYTE


def test_a_pack_without_end_is_cut_off_at_the_limit(cache: Path) -> None:
    mirrors = Mirrors(cache, frozenset({Scheme.HTTP}), budget=Budget(largest=8 * MEBIBYTE))
    with (
        serving(sending(endless())) as server,
        watching() as peak,
        pytest.raises(PackError) as failed,
    ):
        source(mirrors, server.url).fetch()
    assert failed.value.reason is Reason.LIMIT_EXCEEDED
    assert peak.size < 64 * MEBIBYTE
    assert list(cache.rglob("*.pack")) + list(cache.rglob("tmp_*")) == []


Talk = Callable[[], Iterator[bytes]]


def chatter() -> Iterator[bytes]:
    yield from (b"\2" + b"remote says \x1b[2J\n" * 1000 for _ in itertools.count())


def test_a_server_that_only_talks_costs_the_timeout(mirrors: Mirrors) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", RESULT)
        request.end_headers()
        request.wfile.write(packet(b"packfile\n"))
        for words in chatter():
            try:
                request.wfile.write(packet(words))
            except ConnectionError:
                return

    greeting = sending(())

    def either(request: BaseHTTPRequestHandler) -> None:
        greeting(request) if request.command == "GET" else answer(request)

    with serving(either) as server:
        target = GitTarget(server.url, GitReference(ReferenceKind.COMMIT, COMMIT.oid), timeout=1.0)
        with pytest.raises(PackError) as failed:
            GitSource(mirrors, target).fetch()
    assert failed.value.reason is Reason.GIT_TIMEOUT
