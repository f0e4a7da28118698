"""Which revisions a `GitSource` gives when signatures are asked for: real git signs them."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from controller.errors import Reason
from controller.pack.spec import VerificationMode
from controller.pack.tree import PackTree
from controller.pack.unverified import Unverified
from controller.source.catfile import GitObject, ObjectReader, reading
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.sighting import Sighting
from controller.source.signatures.policy import Policy
from controller.source.signatures.signed import signed_commit as parse_signed
from controller.source.signatures.verify import MAX_OBJECT, verify
from controller.source.target import GitReference, GitTarget, ReferenceKind
from tests.signing.openpgp import DAY, Key
from tests.signing.signers import Person, by_openpgp, by_ssh
from tests.source.repository import PEOPLE, Repository

PACK = {"pack.yaml": b"ref: demo\n", "workflows/a.yaml": b"a: 1\n"}
SIGNERS: dict[str, Callable[[Path], Person]] = {"openpgp": by_openpgp, "ssh": by_ssh}
HEAD, TAG, BOTH = VerificationMode
V1 = GitReference(ReferenceKind.TAG, "v1")


@pytest.fixture(params=SIGNERS)
def jane(request: pytest.FixtureRequest, tmp_path: Path) -> Person:
    return SIGNERS[str(request.param)](tmp_path)


def signed_commit(repository: Repository, signer: Person) -> str:
    """A commit on main that git signed."""
    tree = repository.files(PACK)
    oid = repository.git(*signer.options, "commit-tree", "-S", tree, stdin=b"Change")
    repository.git("update-ref", "refs/heads/main", oid)
    return oid


def signed_tag(repository: Repository, signer: Person, on: str, name: str = "v1") -> str:
    """An annotated tag that git signed."""
    repository.git(*signer.options, "tag", "--force", "--sign", "-m", "Release", name, on)
    return repository.git("rev-parse", f"refs/tags/{name}")


def by_hand(repository: Repository, sign: Callable[[bytes], bytes]) -> str:
    """A commit on main with the armored signature that `sign` makes of it."""
    person = "Ada <ada@example.com> 1700000000 +0000"
    head = f"tree {repository.files(PACK)}\nauthor {person}\ncommitter {person}\n".encode()
    rest = b"\nChange\n"
    armored = sign(head + rest).rstrip().replace(b"\n", b"\n ")
    content = head + b"gpgsig " + armored + b"\n" + rest
    oid = repository.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=content)
    repository.git("update-ref", "refs/heads/main", oid)
    return oid


def fetched(
    repository: Repository,
    mirrors: Mirrors,
    trusted: dict[str, bytes],
    mode: VerificationMode = HEAD,
    reference: GitReference | None = None,
) -> PackTree:
    policy = Policy(mode, trusted)
    target = GitTarget(repository.url, reference or GitReference(), policy=policy)
    return GitSource(mirrors, target).fetch()


def refused(
    repository: Repository,
    mirrors: Mirrors,
    trusted: dict[str, bytes],
    mode: VerificationMode = HEAD,
    reference: GitReference | None = None,
) -> Unverified:
    with pytest.raises(Unverified) as failed:
        fetched(repository, mirrors, trusted, mode, reference)
    assert failed.value.reason is Reason.VERIFICATION_FAILED
    assert failed.value.hint
    return failed.value


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_a_commit_signed_by_a_trusted_key_is_given(
    tmp_path: Path, mirrors: Mirrors, jane: Person, form: str
) -> None:
    repository = Repository(tmp_path / "remote", form)
    oid = signed_commit(repository, jane)
    tree = fetched(repository, mirrors, jane.trusted)
    assert tree.revision.commit == oid
    assert tree.entries
    assert tree.verdict is not None
    assert tree.verdict.commit is not None
    assert "jane@example.com" in tree.verdict.commit.name
    assert tree.verdict.tag is None


def test_a_commit_that_is_not_signed_is_refused(
    repository: Repository, mirrors: Mirrors, jane: Person
) -> None:
    oid = repository.push(PACK)
    error = refused(repository, mirrors, jane.trusted)
    assert error.message == f"The commit {oid[:8]} is not signed."
    assert str(error.revision) == f"main@sha1:{oid}"
    assert error.commit is not None
    assert error.commit.subject == "Change"


def test_one_of_a_stranger_is_refused(
    repository: Repository, mirrors: Mirrors, jane: Person, tmp_path: Path
) -> None:
    signed_commit(repository, jane)
    (tmp_path / "others").mkdir()
    for make in SIGNERS.values():
        stranger = make(tmp_path / "others")
        assert refused(repository, mirrors, stranger.trusted).message.endswith("is not trusted.")


ODD: dict[str, tuple[Key, dict[str, int], str]] = {
    "bad": (Key(), {"kind": 0, "time": 1_700_000_001}, "bad signature"),
    "expired key": (Key(lives=DAY), {}, "whose key expired on 2023-11-15."),
    "revoked key": (Key(revoked=True), {}, "whose key is revoked."),
    "expired signature": (Key(), {"lives": DAY}, "that expired on 2023-11-15."),
    "weak": (Key(), {"algorithm": 2}, "uses SHA1, which can be forged."),
    "malformed": (Key(), {"kind": 0x13}, "has a signature that cannot be read"),
}


@pytest.mark.parametrize("name", ODD)
def test_each_kind_of_bad_signature_is_refused_in_its_own_words(
    repository: Repository, mirrors: Mirrors, name: str
) -> None:
    key, how, words = ODD[name]
    changed = b"" if name != "bad" else b"?"
    oid = by_hand(repository, lambda payload: key.sign(payload + changed, **how))
    error = refused(repository, mirrors, {"jane.asc": key.armored})
    assert error.message.startswith(f"The commit {oid[:8]} ")
    assert words in error.message


def test_a_signature_by_x509_is_not_supported(repository: Repository, mirrors: Mirrors) -> None:
    by_hand(repository, lambda _: b"-----BEGIN SIGNED MESSAGE-----\nabc=\n")
    told = refused(repository, mirrors, {"jane.asc": Key().armored}).message
    assert told.endswith("is signed with X.509, which is not supported.")


def test_a_merge_is_not_signed_by_the_tag_that_it_merged(
    tmp_path: Path, mirrors: Mirrors, jane: Person
) -> None:
    repository = Repository(tmp_path / "remote")
    base = repository.push(PACK)
    work = tmp_path / "work"

    def git(*arguments: str) -> None:
        command = ["git", "-C", str(work), *jane.options, *arguments]
        subprocess.run(command, env=PEOPLE, check=True, capture_output=True)

    subprocess.run(["git", "clone", "-q", repository.url, str(work)], env=PEOPLE, check=True)
    git("commit", "-q", "--allow-empty", "-m", "More")
    git("tag", "--sign", "-m", "Release", "v1")
    git("reset", "-q", "--hard", base)
    git("merge", "-q", "--no-ff", "--no-edit", "v1")
    git("push", "-q", "origin", "main")
    assert "mergetag" in repository.git("cat-file", "commit", "main")
    assert refused(repository, mirrors, jane.trusted).message.endswith("is not signed.")

    git("commit", "-q", "--amend", "--no-edit", "--gpg-sign")
    git("push", "-q", "--force", "origin", "main")
    assert "mergetag" in repository.git("cat-file", "commit", "main")
    assert fetched(repository, mirrors, jane.trusted).verdict is not None


def test_a_commit_that_is_too_large_is_refused(repository: Repository, mirrors: Mirrors) -> None:
    repository.push(PACK, message="x" * MAX_OBJECT)
    told = refused(repository, mirrors, {"jane.asc": Key().armored}).message
    assert "is larger than 256 KiB" in told


def test_keys_that_cannot_be_read_refuse_every_revision(
    repository: Repository, mirrors: Mirrors, jane: Person
) -> None:
    oid = signed_commit(repository, jane)
    error = refused(repository, mirrors, {**jane.trusted, "odd": b"odd"})
    assert "Line 1 of 'odd'" in error.message
    assert str(error.revision) == f"main@sha1:{oid}"


def test_a_source_that_refused_gives_the_next_good_revision_and_never_the_bad_one(
    repository: Repository, mirrors: Mirrors, jane: Person
) -> None:
    policy = Policy(HEAD, jane.trusted)
    source = GitSource(mirrors, GitTarget(repository.url, policy=policy))
    first = signed_commit(repository, jane)
    assert source.fetch().revision.commit == first
    repository.push({**PACK, "workflows/b.yaml": b"b: 1\n"})
    for _ in range(2):
        with pytest.raises(Unverified):
            source.fetch()
    again = signed_commit(repository, jane)
    assert source.fetch().revision.commit == again


@pytest.mark.parametrize("form", ["sha1", "sha256"])
@pytest.mark.parametrize(
    "reference",
    [
        V1,
        GitReference(ReferenceKind.NAME, "refs/tags/v1"),
        GitReference(ReferenceKind.SEMVER, "1.x"),
    ],
    ids=str,
)
def test_a_signed_tag_is_enough_where_tags_are_asked_for(
    tmp_path: Path, mirrors: Mirrors, jane: Person, form: str, reference: GitReference
) -> None:
    repository = Repository(tmp_path / "remote", form)
    oid = repository.push(PACK)
    name = "v1" if reference.kind is not ReferenceKind.SEMVER else "v1.2.3"
    signed_tag(repository, jane, oid, name)
    tree = fetched(repository, mirrors, jane.trusted, TAG, reference)
    assert tree.revision.commit == oid
    assert tree.verdict is not None
    assert tree.verdict.commit is None
    assert tree.verdict.tag is not None
    assert "jane@example.com" in tree.verdict.tag.name
    told = refused(repository, mirrors, jane.trusted, HEAD, reference).message
    assert told == f"The commit {oid[:8]} is not signed."
    told = refused(repository, mirrors, jane.trusted, BOTH, reference).message
    assert told == f"The commit {oid[:8]} is not signed."


def test_both_can_be_asked_for(repository: Repository, mirrors: Mirrors, jane: Person) -> None:
    oid = signed_commit(repository, jane)
    repository.git("tag", "-a", "-m", "Release", "v1", oid)
    told = refused(repository, mirrors, jane.trusted, BOTH, V1).message
    assert told == "The tag v1 is not signed."
    signed_tag(repository, jane, oid)
    verdict = fetched(repository, mirrors, jane.trusted, BOTH, V1).verdict
    assert verdict is not None
    assert verdict.commit
    assert verdict.tag


@pytest.mark.parametrize("reference", [V1, GitReference()], ids=str)
def test_a_reference_that_is_no_annotated_tag_has_no_signature(
    repository: Repository, mirrors: Mirrors, jane: Person, reference: GitReference
) -> None:
    repository.git("tag", "v1", signed_commit(repository, jane))
    told = refused(repository, mirrors, jane.trusted, TAG, reference).message
    assert "is no annotated tag" in told


def test_a_signed_tag_does_not_pass_under_another_name(
    repository: Repository, mirrors: Mirrors, jane: Person
) -> None:
    old = signed_tag(repository, jane, repository.push(PACK), "v0.9")
    repository.git("update-ref", "refs/tags/v1", old)
    told = refused(repository, mirrors, jane.trusted, TAG, V1).message
    assert told == "The tag v1 holds the signed tag of another name, v0.9."


def test_a_signed_tag_of_a_tag_stands_for_its_commit(
    repository: Repository, mirrors: Mirrors, jane: Person
) -> None:
    oid = repository.push(PACK)
    repository.git("tag", "-a", "-m", "Inner", "inner", oid)
    signed_tag(repository, jane, "refs/tags/inner")
    assert fetched(repository, mirrors, jane.trusted, TAG, V1).revision.commit == oid


def test_a_signed_tag_of_a_tag_that_cannot_be_read_is_refused(
    repository: Repository, mirrors: Mirrors, jane: Person
) -> None:
    oid = repository.push(PACK)
    content = f"object {oid}\ntype commit\ntag inner\n\nWithout a tagger\n".encode()
    inner = repository.git("hash-object", "-t", "tag", "-w", "--stdin", stdin=content)
    signed_tag(repository, jane, inner)
    assert (
        "must have one field 'tagger'"
        in refused(repository, mirrors, jane.trusted, TAG, V1).message
    )


def test_a_signed_tag_does_not_stand_for_another_commit(
    repository: Repository, jane: Person
) -> None:
    tag = signed_tag(repository, jane, repository.push(PACK))
    evil = repository.push({**PACK, "workflows/evil.yaml": b"a: 1\n"})
    policy = Policy(TAG, jane.trusted)
    with reading(repository.path, time.monotonic() + 60) as reader:
        with pytest.raises(Unverified, match="signed for another commit"):
            verify(reader, Sighting("v1", tag, evil), policy)
        good = repository.git("rev-parse", "v1^{commit}")
        assert verify(reader, Sighting("v1", tag, good), policy).tag


class Altered(ObjectReader):
    """A reader of one commit, which may not be what was signed."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def contents(self, names: Sequence[str], *, limit: int) -> list[GitObject | None]:
        assert len(self.content) <= limit
        return [GitObject(name, "commit", self.content) for name in names]


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, Policy]]:
    """A signed commit of each kind, raw, with whom to trust."""
    folder = tmp_path_factory.mktemp("signed")
    made = {}
    for name, make in SIGNERS.items():
        repository, person = Repository(folder / name), make(folder)
        oid = signed_commit(repository, person)
        with reading(repository.path, time.monotonic() + 60) as reader:
            found = reader.contents([oid], limit=MAX_OBJECT)[0]
        assert found
        made[name] = (found.content, Policy(HEAD, person.trusted))
    return made


@pytest.mark.parametrize("kind", SIGNERS)
@settings(deadline=None, max_examples=60)
@given(where=st.floats(0, 1, exclude_max=True), byte=st.integers(1, 255), inserted=st.booleans())
@example(where=0.0, byte=1, inserted=False)
def test_whatever_byte_is_changed_only_what_was_signed_is_verified(
    signed: dict[str, tuple[bytes, Policy]], kind: str, where: float, byte: int, *, inserted: bool
) -> None:
    content, policy = signed[kind]
    place = int(where * len(content))
    new = byte if inserted else content[place] ^ byte
    altered = content[:place] + bytes([new]) + content[place + (not inserted) :]
    try:
        verify(Altered(altered), Sighting("main", "1" * 40, "1" * 40), policy)
    except Unverified:
        return
    # Only the signature's armor may be written in another way.
    payload = parse_signed(content, digits=40).payload
    assert parse_signed(altered, digits=40).payload == payload
