"""Servers that cannot do all that we like to use: each gives the same packs, at a higher price."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from controller.errors import Reason, Stalled
from controller.source.eviction import Budget
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from controller.source.urls import Scheme
from hack.gitbackend import Answer, Request
from tests.source.backend import Backend, backend
from tests.source.fake_server import reply, serving
from tests.source.repository import Repository

LARGE = b"\0" * 5000
LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """What a server cannot do; `protocol` is the version that it speaks at most."""

    protocol: int = 2
    filters: bool = True
    shallow: bool = True
    any_commit: bool = True


KINDS = {
    "all": Kind(),
    "no filters": Kind(filters=False),
    "no shallow clones": Kind(shallow=False),
    "no filters, no shallow clones": Kind(filters=False, shallow=False),
    "version 1": Kind(protocol=1),
    "version 0": Kind(protocol=0),
    "version 0, no filters": Kind(protocol=0, filters=False),
    "version 0, tips only": Kind(protocol=0, any_commit=False),
    "version 0, nothing": Kind(protocol=0, filters=False, shallow=False, any_commit=False),
}


def _headers(kind: Kind) -> Mapping[str, str]:
    return {"git-protocol": f"version={kind.protocol}"} if kind.protocol else {}


def _without_shallow(request: Request, answer: Answer) -> Answer:
    """The server's greeting, with a word of the same length that nobody knows."""
    if not request.path.endswith("/info/refs"):
        return answer
    return replace(answer, body=answer.body.replace(b"shallow", b"nothing"))


def server_of(kind: Kind, repository: Repository) -> AbstractContextManager[Backend]:
    repository.git("config", "uploadpack.allowFilter", str(kind.filters).lower())
    repository.git("config", "uploadpack.allowAnySHA1InWant", str(kind.any_commit).lower())
    return backend(
        repository.path.parent,
        headers=lambda headers: (
            {
                **{name: value for name, value in headers.items() if name != "git-protocol"},
                **_headers(kind),
            }
        ),
        change=(lambda _, answer: answer) if kind.shallow else _without_shallow,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    (tmp_path / "served").mkdir()
    return Repository(tmp_path / "served/r")


def history(repository: Repository, length: int, branch: str = "main") -> list[str]:
    """Commits, each the child of the one before, with another content of `v` each."""
    commits: list[str] = []
    for number in range(length):
        files = repository.files({"v": b"%d" % number, "large": LARGE})
        parents = ["-p", commits[-1]] if commits else []
        commits.append(repository.git("commit-tree", *parents, files, stdin=b"%d" % number))
    repository.git("update-ref", f"refs/heads/{branch}", commits[-1])
    return commits


def content(mirrors: Mirrors, url: str, kind: ReferenceKind, name: str = "") -> str:
    source = GitSource(mirrors, GitTarget(url, GitReference(kind, name)))
    oids = {entry.path: entry for entry in source.fetch().entries}
    assert oids["large"].size > LIMIT
    return source.read([oids["v"].oid])[oids["v"].oid].decode()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_whatever_a_server_can_the_packs_are_the_same(
    repository: Repository, cache: Path, kind: Kind
) -> None:
    commits = history(repository, 5)
    repository.git("tag", "-a", "-m", "note", "v1", commits[1])
    with server_of(kind, repository) as server:
        url = server.url("r")
        mirrors = Mirrors(cache, frozenset({Scheme.HTTP}), max_file_size=LIMIT)
        assert content(mirrors, url, ReferenceKind.HEAD) == "4"
        assert content(mirrors, url, ReferenceKind.TAG, "v1") == "1"
        assert content(mirrors, url, ReferenceKind.COMMIT, commits[2]) == "2"
        history(repository, 7)
        assert content(mirrors, url, ReferenceKind.BRANCH, "main") == "6"
    assert bool(list(cache.glob("*.git/shallow"))) is kind.shallow


def test_a_server_that_gives_only_all_is_asked_for_less_once(
    repository: Repository, cache: Path
) -> None:
    history(repository, 3)
    with server_of(Kind(shallow=False), repository) as server:
        mirrors = Mirrors(cache, frozenset({Scheme.HTTP}))
        kept = GitSource(mirrors, GitTarget(server.url("r")))
        kept.fetch()
        history(repository, 4)
        kept.fetch()
    # Had it been asked for less again, the mirror would have been made anew.
    assert len(list(cache.glob("*.git/objects/pack/*.pack"))) == 2


def test_all_is_still_not_more_than_the_limit(repository: Repository, cache: Path) -> None:
    with server_of(Kind(shallow=False), repository) as server:
        for number in range(5):
            noise = repository.files({"v": os.urandom(100_000), "n": b"%d" % number})
            parents = ["-p", repository.git("rev-parse", "main")] if number else []
            child = repository.git("commit-tree", *parents, noise, stdin=b"x")
            repository.git("update-ref", "refs/heads/main", child)
        mirrors = Mirrors(cache, frozenset({Scheme.HTTP}), budget=Budget(largest=300_000))
        with pytest.raises(Stalled) as refused:
            GitSource(mirrors, GitTarget(server.url("r"))).fetch()
    assert refused.value.reason is Reason.LIMIT_EXCEEDED


@pytest.mark.parametrize("kind", [ReferenceKind.HEAD, ReferenceKind.COMMIT])
def test_plain_files_are_not_fetched_from(
    repository: Repository, mirrors: Mirrors, kind: ReferenceKind
) -> None:
    """Neither objects nor `objects/info/http-alternates`, which may name any other place."""
    tip = history(repository, 1)[0]
    repository.git("update-server-info")
    seen: list[str] = []

    def serve(request: BaseHTTPRequestHandler) -> None:
        path = request.path.partition("?")[0]
        seen.append(path)
        file = repository.path.parent / path.strip("/")
        reply(200, file.read_bytes())(request) if file.is_file() else reply(404)(request)

    with serving(serve) as fake:
        url = fake.url.replace("/team/packs.git", "/r")
        name = tip if kind is ReferenceKind.COMMIT else ""
        with pytest.raises(Stalled) as refused:
            GitSource(mirrors, GitTarget(url, GitReference(kind, name))).fetch()
    assert refused.value.reason is Reason.REPOSITORY_NOT_FOUND
    assert "Plain files on a web server (the 'dumb' protocol) are not fetched from" in str(
        refused.value
    )
    assert not [path for path in seen if "/objects/" in path]
