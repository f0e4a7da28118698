"""What of a commit or tag is signed, by which signature: git's own rules, and stricter ones."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.source.signatures.signed import (
    Form,
    MalformedError,
    Signature,
    Tag,
    signed_commit,
    signed_tag,
)

TREE = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
PARENTS = b"parent 0000000000000000000000000000000000000001\n"
PEOPLE = b"author A <a@x> 1700000000 +0000\ncommitter B > <b@x> 1700000060 -0130\n"
MESSAGE = b"\nSubject\n\nBody\n"
PGP = b"-----BEGIN PGP SIGNATURE-----\n\nabc=\n-----END PGP SIGNATURE-----\n"
SSH = b"-----BEGIN SSH SIGNATURE-----\nabc=\n-----END SSH SIGNATURE-----\n"
OTHER = b"-----BEGIN PGP SIGNATURE-----\n\nother=\n-----END PGP SIGNATURE-----\n"
PLAIN = TREE + PARENTS + PEOPLE + MESSAGE
TAG = b"object 0000000000000000000000000000000000000001\ntype commit\ntag v1\n"
TAGGER = b"tagger B <b@x> 1700000060 -0130\n"


def header(signature: bytes, name: bytes = b"gpgsig") -> bytes:
    return name + b" " + signature.rstrip(b"\n").replace(b"\n", b"\n ") + b"\n"


MERGED = header(TAG + TAGGER + b"\nRelease\n" + OTHER, b"mergetag")


def test_a_commit_that_is_not_signed_is_its_own_payload() -> None:
    found = signed_commit(PLAIN, digits=40)
    assert (found.payload, found.signature) == (PLAIN, None)
    assert found.time == datetime.fromtimestamp(1_700_000_060, UTC)


@pytest.mark.parametrize(
    ("armored", "form"), [(PGP, Form.OPENPGP), (SSH, Form.SSH)], ids=["openpgp", "ssh"]
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (b"encoding ISO-8859-1\n", b""),
        (b"", b"encoding ISO-8859-1\n"),
        (MERGED, b""),
        (b"", MERGED),
        (b"", b"note one\n two\n gpgsig three\n"),
    ],
    ids=["alone", "after a field", "before a field", "after a mergetag", "before one", "odd field"],
)
def test_the_signature_of_a_commit_is_a_header_and_no_part_of_what_is_signed(
    armored: bytes, form: Form, before: bytes, after: bytes
) -> None:
    head = TREE + PARENTS + PEOPLE
    found = signed_commit(head + before + header(armored) + after + MESSAGE, digits=40)
    assert found.payload == head + before + after + MESSAGE
    assert found.signature == Signature(form, armored)


@pytest.mark.parametrize(("digits", "own"), [(40, PGP), (64, SSH)])
def test_each_hash_algorithm_has_a_header_of_its_own(digits: int, own: bytes) -> None:
    both = header(PGP) + header(SSH, b"gpgsig-sha256")
    found = signed_commit(TREE + PEOPLE + both + MESSAGE, digits=digits)
    assert found.signature is not None
    assert (found.payload, found.signature.armored) == (TREE + PEOPLE + MESSAGE, own)


@pytest.mark.parametrize(("digits", "name"), [(64, b"gpgsig"), (40, b"gpgsig-sha256")])
def test_a_signature_for_the_other_hash_algorithm_is_none(digits: int, name: bytes) -> None:
    content = TREE + PEOPLE + header(PGP, name) + MESSAGE
    assert signed_commit(content, digits=digits).signature is None


@pytest.mark.parametrize(
    "content",
    [
        TREE + PEOPLE + MERGED + MESSAGE,
        TREE + PEOPLE + b"\n" + header(PGP),
        TREE + PEOPLE + b"gpgsigs " + header(PGP)[7:] + MESSAGE,
        TREE + PEOPLE + b"note\n" + b" " + header(PGP) + MESSAGE,
    ],
    ids=["in a mergetag", "in the message", "of another name", "in another field"],
)
def test_nothing_else_is_taken_for_the_signature_of_a_commit(content: bytes) -> None:
    found = signed_commit(content, digits=40)
    assert (found.payload, found.signature) == (content, None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        PEOPLE + MESSAGE,
        header(PGP) + TREE + PEOPLE + MESSAGE,
        TREE + PEOPLE + header(PGP) + header(OTHER) + MESSAGE,
        TREE + PEOPLE + header(b"-----BEGIN PGP MESSAGE-----\n") + MESSAGE,
        TREE + PEOPLE + header(b"") + MESSAGE,
        TREE + MESSAGE,
        TREE + PEOPLE + b"committer C <c@x> 1 +0000\n" + MESSAGE,
        TREE + b"committer B <b@x> soon +0000\n" + MESSAGE,
        TREE + b"committer B <b@x> 999999999999 +0000\n" + MESSAGE,
    ],
)
def test_a_commit_that_could_be_read_in_two_ways_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedError):
        signed_commit(content, digits=40)


@pytest.mark.parametrize(
    ("armored", "form"), [(PGP, Form.OPENPGP), (SSH, Form.SSH)], ids=["openpgp", "ssh"]
)
def test_the_signature_of_a_tag_is_at_its_end(armored: bytes, form: Form) -> None:
    payload = TAG + TAGGER + b"\nRelease\n"
    tag = signed_tag(payload + armored)
    assert tag.signed.payload == payload
    assert tag.signed.signature == Signature(form, armored)
    assert (tag.name, tag.kind, int(tag.target)) == ("v1", "commit", 1)


def test_a_quoted_signature_in_the_message_of_a_tag_is_part_of_what_is_signed() -> None:
    payload = TAG + TAGGER + b"\nAs before:\n" + OTHER + b"\n"
    found = signed_tag(payload + PGP).signed
    assert (found.payload, found.signature) == (payload, Signature(Form.OPENPGP, PGP))


def test_a_header_of_a_tag_with_a_signature_for_the_other_algorithm_is_left_out() -> None:
    content = TAG + TAGGER + header(OTHER) + b"\nRelease\n"
    assert signed_tag(content + PGP).signed.payload == TAG + TAGGER + b"\nRelease\n"
    assert signed_tag(content).signed.signature is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        TAGGER + TAG + b"\nRelease\n",
        TAG + TAG + TAGGER + b"\nRelease\n",
        TAG + b"\nRelease\n",
        PGP,
    ],
)
def test_a_tag_that_could_be_read_in_two_ways_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedError):
        signed_tag(content)


PIECES = [TREE, PARENTS, PEOPLE, TAG, TAGGER, PGP, SSH, header(PGP), MERGED, b"\n", b" ", MESSAGE]


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=20), max_size=8).map(b"".join))
def test_any_bytes_are_told_or_refused(content: bytes) -> None:
    """What is signed holds nothing that is not in the object, in the same order."""
    for read in (partial(signed_commit, digits=40), partial(signed_commit, digits=64), signed_tag):
        with suppress(MalformedError):
            found = read(content)
            signed = found.signed if isinstance(found, Tag) else found
            rest = iter(content)
            assert all(byte in rest for byte in signed.payload)
