"""Which revisions a `GitSource` gives when signatures are asked for: real git signs them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import Reason
from controller.pack.spec import VerificationMode
from controller.pack.tree import PackTree
from controller.pack.unverified import Unverified
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.signatures.policy import Policy
from controller.source.target import GitReference, GitTarget
from tests.signing.signers import Person, by_openpgp, by_ssh
from tests.source.repository import Repository

PACK = {"pack.yaml": b"ref: demo\n", "workflows/a.yaml": b"a: 1\n"}
SIGNERS: dict[str, Callable[[Path], Person]] = {"openpgp": by_openpgp, "ssh": by_ssh}


@pytest.fixture(params=SIGNERS)
def jane(request: pytest.FixtureRequest, tmp_path: Path) -> Person:
    return SIGNERS[str(request.param)](tmp_path)


def signed_commit(repository: Repository, signer: Person, *, parent: str = "") -> str:
    parents = ["-p", parent] if parent else []
    oid = repository.git(
        *signer.options, "commit-tree", "-S", *parents, repository.files(PACK), stdin=b"Change"
    )
    repository.git("update-ref", "refs/heads/main", oid)
    return oid


def fetched(
    repository: Repository,
    mirrors: Mirrors,
    trusted: dict[str, bytes],
    *,
    reference: GitReference | None = None,
    mode: VerificationMode = VerificationMode.HEAD,
) -> PackTree:
    policy = Policy(mode, trusted)
    target = GitTarget(repository.url, reference or GitReference(), policy=policy)
    return GitSource(mirrors, target).fetch()


def refused(repository: Repository, mirrors: Mirrors, trusted: dict[str, bytes]) -> Unverified:
    with pytest.raises(Unverified) as failed:
        fetched(repository, mirrors, trusted)
    assert failed.value.hint
    return failed.value


def test_a_commit_signed_by_a_trusted_key_is_given(
    repository: Repository, mirrors: Mirrors, jane: Person
) -> None:
    oid = signed_commit(repository, jane)
    tree = fetched(repository, mirrors, jane.trusted)
    assert tree.revision.commit == oid
    assert tree.verdict is not None
    assert tree.verdict.commit is not None
    assert "jane@example.com" in tree.verdict.commit.name
    assert tree.verdict.tag is None


def test_a_commit_that_is_not_signed_is_refused(
    repository: Repository, mirrors: Mirrors, jane: Person
) -> None:
    oid = repository.push(PACK)
    error = refused(repository, mirrors, jane.trusted)
    assert error.reason is Reason.VERIFICATION_FAILED
    assert error.message == f"The commit {oid[:8]} is not signed."
    assert str(error.revision) == f"main@sha1:{oid}"
    assert error.commit is not None
    assert error.commit.subject == "Change"
