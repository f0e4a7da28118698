"""A server that has enough while a commit is fetched: left alone until when it says, by all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from controller.errors import Reason, Stalled, Transient
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from hack.gitbackend import Answer, Request, identify
from hack.gitserver import GitServer, Service
from hack.packrepo import PackRepo, pack

NAME, OTHER = "packs.git", "other.git"


class Limited(GitServer):
    """Gives every look and no commit: from the first fetch on it says `no` to all that comes, or
    to all fetches alone."""

    no = Answer(429, {})
    looks_on = False
    spent = False

    def answer(self, request: Request) -> Answer:
        asked = identify(request)
        fetches = asked is not None and asked[1] is Service.FETCH
        self.spent |= fetches
        refused = fetches if self.looks_on else self.spent
        return self.no if refused else super().answer(request)

    @property
    def asked(self) -> int:
        """How many requests came for anything."""
        return self.count(NAME) + self.count(OTHER)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Limited]:
    for name in (NAME, OTHER):
        PackRepo(tmp_path / name).commit(pack("demo", 1))
    with Limited(tmp_path) as made:
        yield made


def source(mirrors: Mirrors, server: GitServer, name: str = NAME) -> GitSource:
    return GitSource(mirrors, GitTarget(server.url(name), timeout=20.0))


def refused(source: GitSource) -> Transient:
    with pytest.raises(Transient) as failed:
        source.fetch()
    assert failed.value.reason is Reason.RATE_LIMITED
    assert failed.value.retry_after is not None
    return failed.value


SAID: dict[str, tuple[int, Mapping[str, str], float]] = {
    "429": (429, {"Retry-After": "77"}, 77),
    "503": (503, {"Retry-After": "33"}, 33),
    "GitHub's 403": (403, {"X-RateLimit-Remaining": "0", "Retry-After": "99"}, 99),
    "without a time": (429, {}, 60),
}


@pytest.mark.parametrize(("status", "headers", "seconds"), SAID.values(), ids=SAID.keys())
def test_it_is_left_alone_for_as_long_as_it_says_by_all_its_repositories(
    server: Limited, mirrors: Mirrors, status: int, headers: Mapping[str, str], seconds: float
) -> None:
    server.no = Answer(status, headers)
    assert refused(source(mirrors, server)).retry_after == pytest.approx(seconds, abs=1)
    asked = server.asked
    assert refused(source(mirrors, server, OTHER)).retry_after == pytest.approx(seconds, abs=20)
    assert server.asked == asked, "and nobody asks until then"


def test_where_looks_go_on_it_is_left_alone_for_a_minute(server: Limited, mirrors: Mirrors) -> None:
    server.no, server.looks_on = Answer(429, {"Retry-After": "5"}), True
    assert refused(source(mirrors, server)).retry_after == 60
    assert refused(source(mirrors, server, OTHER))


def test_a_commit_that_is_pinned_waits_too(server: Limited, mirrors: Mirrors) -> None:
    server.no = Answer(429, {"Retry-After": "77"})
    reference = GitReference(ReferenceKind.COMMIT, "1" * 40)
    pinned = GitSource(mirrors, GitTarget(server.url(NAME), reference, timeout=20.0))
    assert refused(pinned).retry_after == pytest.approx(77, abs=1)


def test_a_login_that_may_look_but_not_fetch_is_a_login_that_fails(
    server: Limited, mirrors: Mirrors
) -> None:
    server.no = Answer(403, {})
    with pytest.raises(Stalled) as failed:
        source(mirrors, server).fetch()
    assert failed.value.reason is Reason.AUTHENTICATION_FAILED
