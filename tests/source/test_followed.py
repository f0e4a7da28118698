"""References that name one of many, or what is neither branch nor tag."""

from __future__ import annotations

import pytest

from controller.errors import PackError, Reason
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from tests.source.repository import Repository


def follow(repository: Repository, mirrors: Mirrors, kind: ReferenceKind, name: str) -> GitSource:
    return GitSource(mirrors, GitTarget(repository.url, GitReference(kind, name)))


def release(repository: Repository, tag: str) -> str:
    """A commit of its own for a lightweight tag; a tag that begins with v is annotated."""
    oid = repository.push({"pack.yaml": tag.encode()})
    annotated = ("-a", "-m", tag) if tag.startswith("v") else ()
    repository.git("tag", *annotated, tag, oid)
    return oid


def test_a_range_follows_the_newest_tag_in_it(repository: Repository, mirrors: Mirrors) -> None:
    first = release(repository, "v1.0.0")
    release(repository, "2.0.0")
    source = follow(repository, mirrors, ReferenceKind.SEMVER, "^1")
    assert str(source.fetch().revision) == f"v1.0.0@sha1:{first}"
    second = release(repository, "1.10.0")
    release(repository, "v1.11.0-rc.1")
    assert str(source.fetch().revision) == f"1.10.0@sha1:{second}"
    tree = source.fetch()
    (manifest,) = tree.entries
    assert source.read([manifest.oid]) == {manifest.oid: b"1.10.0"}


def test_a_range_goes_back_when_its_tag_is_taken_away(
    repository: Repository, mirrors: Mirrors
) -> None:
    first = release(repository, "v1.0.0")
    release(repository, "v1.1.0")
    source = follow(repository, mirrors, ReferenceKind.SEMVER, ">=1.0, <2")
    source.fetch()
    repository.git("tag", "-d", "v1.1.0")
    assert source.fetch().revision.commit == first


@pytest.mark.parametrize(
    ("tags", "hint"),
    [([], "No tag is a version."), (["v1.2.0", "v1.1.0", "x"], "The newest version there is v1.2")],
)
def test_no_tag_in_the_range(
    repository: Repository, mirrors: Mirrors, tags: list[str], hint: str
) -> None:
    repository.push({"pack.yaml": b"untagged"})
    for tag in tags:
        release(repository, tag)
    with pytest.raises(PackError, match="in the range '\\^2'") as refused:
        follow(repository, mirrors, ReferenceKind.SEMVER, "^2").fetch()
    assert refused.value.reason is Reason.REF_NOT_FOUND
    assert hint in refused.value.hint


def test_a_full_name_is_followed(repository: Repository, mirrors: Mirrors) -> None:
    repository.push({"pack.yaml": b"main"})
    proposed = repository.push({"pack.yaml": b"proposed"}, "topic")
    repository.git("update-ref", "refs/pull/7/head", proposed)
    repository.git("update-ref", "-d", "refs/heads/topic")
    source = follow(repository, mirrors, ReferenceKind.NAME, "refs/pull/7/head")
    assert str(source.fetch().revision) == f"refs/pull/7/head@sha1:{proposed}"


def test_a_full_name_that_is_not_there(repository: Repository, mirrors: Mirrors) -> None:
    repository.push({"pack.yaml": b"main"})
    oid = repository.push({"pack.yaml": b"x"}, "topic")
    repository.git("update-ref", "refs/pull/7/head", oid)
    with pytest.raises(PackError, match="no reference 'refs/pull/8/head'") as refused:
        follow(repository, mirrors, ReferenceKind.NAME, "refs/pull/8/head").fetch()
    assert refused.value.reason is Reason.REF_NOT_FOUND
    assert "refs/pull/7/head" in refused.value.hint
