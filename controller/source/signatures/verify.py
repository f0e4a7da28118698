"""A commit and its tag in a mirror → who signed them. The only module here that reads objects."""

from __future__ import annotations

from datetime import UTC, datetime

from controller.pack.tree import Revision
from controller.pack.unverified import Unverified
from controller.pack.verdict import Signer, Verdict
from controller.source.catfile import MissingError, ObjectReader, TooMuchToReadError
from controller.source.objects import parse_commit
from controller.source.sighting import Sighting
from controller.source.signatures import openpgp, refused, ssh
from controller.source.signatures.keys import Trusted, trusted
from controller.source.signatures.policy import Policy
from controller.source.signatures.refused import RefusedError
from controller.source.signatures.signed import (
    Form,
    MalformedError,
    Signed,
    Tag,
    signed_commit,
    signed_tag,
)

MAX_OBJECT = 256 * 1024
"""Bytes of a commit or tag that is checked; most are a few hundred."""

_MOST_TAGS = 4
_TAGS = "refs/tags/"
_SHORT = 8


def verify(reader: ObjectReader, sighting: Sighting, policy: Policy) -> Verdict:
    """Who signed what `sighting` leads to.

    Raises `Unverified` when a signature that `policy` asks for is not good, and `MissingError`
    when an object is not in the mirror.
    """
    content = _read(reader, sighting.commit, "commit")
    try:
        keys = trusted(policy.files)
        commit = _commit_signer(content, sighting, keys) if policy.needs_commit else None
        tag = _tag_signer(reader, sighting, keys) if policy.needs_tag else None
    except Unverified as error:
        raise error.of(Revision(sighting.name, sighting.commit), parse_commit(content)) from None
    return Verdict(commit, tag, policy.identity)


def _commit_signer(content: bytes, sighting: Sighting, keys: Trusted) -> Signer:
    what = f"The commit {sighting.commit[:_SHORT]}"
    try:
        return _signer(signed_commit(content, digits=len(sighting.commit)), keys)
    except (RefusedError, MalformedError) as error:
        raise _unverified(what, error) from None


def _tag_signer(reader: ObjectReader, sighting: Sighting, keys: Trusted) -> Signer:
    name = sighting.name.removeprefix(_TAGS)
    what = f"The tag {name}"
    if sighting.oid == sighting.commit:
        raise Unverified(
            f"{name or sighting.commit[:_SHORT]} is no annotated tag, so there is no tag that "
            "could be signed.",
            hint="Make a signed tag (git tag -s) and push it, or set spec.git.verify.mode to HEAD.",
        )
    try:
        tag = signed_tag(_read(reader, sighting.oid, "tag"))
        signer = _signer(tag.signed, keys)
        peeled = _peeled(reader, tag)
    except (RefusedError, MalformedError) as error:
        raise _unverified(what, error) from None
    if tag.name != name:
        # A signed tag says its name, so that the server cannot pass an old one off as a new one.
        raise Unverified(
            f"{what} holds the signed tag of another name, {tag.name}.",
            hint="Find out how it came there; make the tag anew under its own name.",
        )
    if peeled != sighting.commit:
        raise Unverified(
            f"{what} is signed for another commit than the server says that it is on.",
            hint="Find out what is wrong with the server.",
        )
    return signer


def _peeled(reader: ObjectReader, tag: Tag) -> str:
    """The commit that a tag is on, if need be by way of other tags."""
    for _ in range(_MOST_TAGS):
        if tag.kind != "tag":
            break
        tag = signed_tag(_read(reader, tag.target, "tag"))
    return tag.target if tag.kind == "commit" else ""


def _read(reader: ObjectReader, oid: str, kind: str) -> bytes:
    what = f"The {kind} {oid[:_SHORT]}"
    try:
        found = reader.contents([oid], limit=MAX_OBJECT)[0]
    except TooMuchToReadError:
        raise Unverified(
            f"{what} is larger than {MAX_OBJECT // 1024} KiB, so its signature is not checked.",
            hint="Give it a shorter message.",
        ) from None
    if found is None:
        raise MissingError
    if found.kind != kind:
        raise Unverified(
            f"{what} is a {found.kind}, which carries no signature of a {kind}.",
            hint="Correct spec.git.ref.",
        )
    return found.content


def _signer(signed: Signed, keys: Trusted) -> Signer:
    signature = signed.signature
    if signature is None:
        raise refused.unsigned()
    if signature.form is Form.X509:
        raise refused.unsupported("X.509")
    if signature.form is Form.SSH:
        return ssh.check(signed.payload, signature.armored, keys.allowed_signers, signed.time)
    return openpgp.check(signed.payload, signature.armored, keys.keyring, datetime.now(UTC))


def _unverified(what: str, error: RefusedError | MalformedError) -> Unverified:
    told = error if isinstance(error, RefusedError) else refused.malformed(str(error))
    return Unverified(f"{what} {told.message}", hint=told.hint)
