"""The look over HTTP in this process: what it costs, and what it makes of odd servers."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from controller.errors import PackError, Reason, Transient
from controller.source import commands
from controller.source.access import Access, HttpLogin
from controller.source.advertised import advertised
from controller.source.http import asking
from controller.source.lsremote import ls_remote
from controller.source.mirrors import Mirrors
from controller.source.remote import Remote
from controller.source.urls import Scheme, parse_url
from hack.gitserver import Fault, GitServer, Service
from tests.source.fake_server import ADVERTISEMENT, Answer, packet, reply, serving
from tests.source.repository import Repository
from tests.source.served import NAME, SAFETY_NET, content, failure, source

LOGIN = HttpLogin("robot", "hunter2-secret")
RESULT = "application/x-git-upload-pack-result"
VERSION_2 = b"".join([packet(b"version 2\n"), packet(b"ls-refs\n"), b"0000"])


@pytest.fixture
def server(served: Repository, git_server: GitServer) -> GitServer:
    """Serves `served` as NAME."""
    assert served
    return git_server


def remote(url: str, login: HttpLogin | None = None) -> Remote:
    return Remote(parse_url(url, frozenset({Scheme.HTTP})), Access(login), 1024)


def until() -> float:
    return time.monotonic() + SAFETY_NET


def test_an_unchanged_remote_costs_one_request_on_a_kept_connection_and_no_process(
    server: GitServer, mirrors: Mirrors, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed = source(mirrors, server.url(NAME))
    tree = followed.fetch()
    monkeypatch.setattr(commands, "start_git", None)
    asked, looks = server.count(NAME), server.count(NAME, Service.LIST_REFS)
    connections = server.connections
    for _ in range(5):
        assert followed.fetch() == tree
    assert server.count(NAME) == asked + 5
    assert server.count(NAME, Service.LIST_REFS) == looks + 5
    assert server.connections == connections


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
@pytest.mark.parametrize(
    "prefixes", [(), ("HEAD",), ("refs/heads/main",), ("refs/tags/", "HEAD"), ("refs/none",)]
)
def test_it_sees_what_git_sees(
    git_server: GitServer, tmp_path: Path, object_format: str, prefixes: tuple[str, ...]
) -> None:
    (tmp_path / "repositories").mkdir()
    repository = Repository(tmp_path / "repositories/r.git", object_format)
    repository.push({"v": b"1"})
    repository.push({"v": b"2"}, "main-2")
    repository.git("tag", "-a", "-m", "v1", "v1", "main")
    repository.git("tag", "light", "main")
    asked = remote(git_server.url("r.git"))
    seen = advertised(asked, prefixes, until())
    assert seen == ls_remote(asked, prefixes, until())
    assert git_server.count("r.git", Service.LIST_REFS) >= 2


def test_an_empty_repository_has_no_references(git_server: GitServer, tmp_path: Path) -> None:
    (tmp_path / "repositories").mkdir()
    Repository(tmp_path / "repositories/r.git")
    assert advertised(remote(git_server.url("r.git")), (), until()).ids == {}


def test_an_older_server_is_asked_by_git(server: GitServer, mirrors: Mirrors) -> None:
    server.is_old = True
    followed = source(mirrors, server.url(NAME))
    assert content(followed) == content(followed) == {"v": b"1"}
    assert server.count(NAME, Service.LIST_REFS) == 0


@pytest.mark.parametrize("was_old", [False, True])
def test_a_server_may_change_its_version(
    server: GitServer, mirrors: Mirrors, was_old: bool
) -> None:
    server.is_old = was_old
    followed = source(mirrors, server.url(NAME))
    tree = followed.fetch()
    server.is_old = not was_old
    assert followed.fetch() == tree


def test_a_kept_connection_that_died_is_replaced(server: GitServer, mirrors: Mirrors) -> None:
    followed = source(mirrors, server.url(NAME))
    tree = followed.fetch()
    server.down()
    server.up()
    connections = server.connections
    assert followed.fetch() == tree
    assert server.connections == connections + 1


def test_a_connection_that_dies_while_it_is_used_is_replaced_once(
    served: Repository,
) -> None:
    """As when the server gave up the connection at the moment that we asked."""
    oid = served.git("rev-parse", "main").encode()
    deaths: list[int] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.protocol_version = "HTTP/1.1"
        request.rfile.read(int(request.headers.get("Content-Length", "0")))
        asked = sum(1 for one in web.seen if one["Accept"] == RESULT)
        if asked in (2, 4, 5):
            deaths.append(asked)
            request.close_connection = True
            return
        first = request.command == "GET"
        body = VERSION_2 if first else packet(oid + b" HEAD\n") + b"0000"
        reply(200, body, content_type=ADVERTISEMENT if first else RESULT)(request)
        request.close_connection = False

    with serving(answer) as web:
        asked = remote(web.url)
        assert advertised(asked, (), until()).ids == {"HEAD": oid.decode()}
        assert advertised(asked, (), until()).ids == {"HEAD": oid.decode()}
        assert deaths == [2]
        with pytest.raises(PackError) as failed:
            advertised(asked, (), until())
        assert deaths == [2, 4, 5]
    assert failed.value.reason is Reason.GIT_UNREACHABLE


def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next_one(
    served: Repository,
) -> None:
    oid, forged = served.git("rev-parse", "main").encode(), b"ba5eba11" * 5
    go, sent = threading.Event(), threading.Event()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.protocol_version = "HTTP/1.1"
        request.rfile.read(int(request.headers.get("Content-Length", "0")))
        if request.command == "GET":
            reply(200, VERSION_2, content_type=ADVERTISEMENT)(request)
        else:
            reply(200, packet(oid + b" HEAD\n") + b"0000", content_type=RESULT)(request)
            if not sent.is_set():
                go.wait()
                reply(200, packet(forged + b" HEAD\n") + b"0000", content_type=RESULT)(request)
                sent.set()
        request.close_connection = False

    with serving(answer) as web:
        asked = remote(web.url)
        for _ in range(2):
            assert advertised(asked, (), until()).ids == {"HEAD": oid.decode()}
            go.set()
            sent.wait()


def test_many_look_at_once(server: GitServer) -> None:
    asked = remote(server.url(NAME))
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: advertised(asked, ("HEAD",), until()), range(40)))
    assert all(one == seen[0] for one in seen)
    assert server.connections <= 8


HANGS = [Fault.HANG, Fault.HANG_IN_HEADERS, Fault.HANG_IN_BODY, Fault.DRIP]


@pytest.mark.parametrize("fault", HANGS)
@pytest.mark.parametrize("known", [False, True], ids=["first look", "later look"])
def test_a_server_that_hangs_at_any_stage_costs_the_timeout(
    server: GitServer, mirrors: Mirrors, fault: Fault, known: bool
) -> None:
    followed = source(mirrors, server.url(NAME), timeout=0.3)
    if known:
        source(mirrors, server.url(NAME)).fetch()
    server.spoil(NAME, fault)
    began = time.monotonic()
    failed = failure(followed)
    assert (type(failed), failed.reason) == (Transient, Reason.GIT_TIMEOUT)
    assert time.monotonic() - began < SAFETY_NET


@pytest.mark.parametrize("known", [False, True], ids=["first look", "later look"])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [(Fault.CUT, Reason.GIT_UNREACHABLE), (Fault.GARBAGE, Reason.REPOSITORY_NOT_FOUND)],
)
def test_a_broken_answer_is_an_error_and_forgotten(
    server: GitServer, mirrors: Mirrors, fault: Fault, reason: Reason, known: bool
) -> None:
    followed = source(mirrors, server.url(NAME))
    if known:
        followed.fetch()
    server.spoil(NAME, fault)
    assert failure(followed).reason is reason
    server.release(NAME)
    assert content(followed) == {"v": b"1"}


def test_a_server_that_has_had_enough_says_until_when(server: GitServer, mirrors: Mirrors) -> None:
    followed = source(mirrors, server.url(NAME))
    followed.fetch()
    server.throttle(NAME, 120)
    asked = server.count(NAME)
    failed = failure(followed)
    assert server.count(NAME) == asked + 1
    assert isinstance(failed, Transient)
    assert (failed.reason, failed.retry_after) == (Reason.RATE_LIMITED, 120)
    assert "wants none until" in failed.message
    assert failed.message.endswith("UTC.")


def test_a_redirect_of_a_server_that_is_known_is_not_followed(
    server: GitServer, mirrors: Mirrors
) -> None:
    followed = source(mirrors, server.url(NAME), Access(LOGIN))
    followed.fetch()
    with serving(reply(200)) as elsewhere:
        server.redirect(NAME, elsewhere.url)
        failed = failure(followed)
        assert elsewhere.seen == []
    assert failed.reason is Reason.REPOSITORY_NOT_FOUND
    assert "redirects to another address" in failed.message
    assert elsewhere.url not in str(failed)


def test_a_server_that_is_dumb_to_git_alone_gives_nothing(mirrors: Mirrors) -> None:
    """The dumb transport would have git ask for files by names that the server chooses."""
    oid = b"5d41402abc4b2a76b9719d911017c592aabbccdd"

    def answer(request: BaseHTTPRequestHandler) -> None:
        ours = "attune" in request.headers["User-Agent"]
        if request.command == "POST":
            reply(200, packet(oid + b" HEAD\n") + b"0000", content_type=RESULT)(request)
        elif ours:
            reply(200, VERSION_2, content_type=ADVERTISEMENT)(request)
        else:
            asked.append(request.path)
            reply(200, oid + b"\trefs/heads/main\n", content_type="text/plain")(request)

    asked: list[str] = []
    with serving(answer) as web:
        failed = failure(source(mirrors, web.url))
    assert failed.reason is Reason.REPOSITORY_NOT_FOUND
    assert {path.partition("?")[0] for path in asked} <= {
        "/team/packs.git/info/refs",
        "/team/packs.git/HEAD",
    }


def echo(request: BaseHTTPRequestHandler) -> None:
    """An error that shows what it was asked with."""
    said = packet(b"ERR you sent " + request.headers["Authorization"].encode())
    form = ADVERTISEMENT if request.command == "GET" else RESULT
    reply(200, said, content_type=form)(request)


def echo_later(request: BaseHTTPRequestHandler) -> None:
    if request.command == "GET":
        reply(200, VERSION_2, content_type=ADVERTISEMENT)(request)
    else:
        echo(request)


@pytest.mark.parametrize("answer", [echo, echo_later])
@pytest.mark.parametrize("login", [LOGIN, HttpLogin(bearer_token="hunter2-secret")])
def test_an_error_that_echoes_our_login_is_shown_without_it(
    mirrors: Mirrors, answer: Answer, login: HttpLogin
) -> None:
    with serving(answer) as web:
        failed = failure(source(mirrors, web.url, Access(login)))
    assert "you sent" in failed.message
    assert not [secret for secret in login.secrets if secret in str(failed)]


def headers(count: int, length: int = 10) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        for number in range(count):
            request.send_header(f"X-{number}", "x" * length)
        request.end_headers()

    return answer


def in_chunks(body: bytes) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/x-git-upload-pack-advertisement\r\n\r\n" + body
        )

    return answer


ODD: dict[str, Answer] = {
    "compressed": reply(
        200, gzip.compress(VERSION_2), content_type=ADVERTISEMENT, content_encoding="gzip"
    ),
    "a bomb": reply(
        200, gzip.compress(b"0" * 10**8), content_type=ADVERTISEMENT, content_encoding="gzip"
    ),
    "dumb": reply(200, b"5d41402abc4b2a76b9719d911017c592aabbccdd\trefs/heads/main\n"),
    "dumb by its type": reply(200, b"5d41\trefs/heads/main\n", content_type="text/plain"),
    "many headers": headers(500),
    "a long header": headers(1, 10**6),
    "no chunks": in_chunks(b"xyz\r\n\r\n"),
    "length too large": reply(200, b"fff9" + b"x" * 70_000, content_type=ADVERTISEMENT),
    "flush first": reply(200, b"00000000", content_type=ADVERTISEMENT),
    "binary": reply(200, bytes(range(256)) * 50, content_type=ADVERTISEMENT),
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD.keys())
def test_odd_answers_end_in_an_error(mirrors: Mirrors, answer: Answer) -> None:
    with serving(answer) as web:
        failed = failure(source(mirrors, web.url))
        assert len(web.seen) == 1
    assert failed.reason in (Reason.REPOSITORY_NOT_FOUND, Reason.GIT_UNREACHABLE)


def test_an_endless_list_is_not_kept(mirrors: Mirrors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MAX_OUTPUT", 1024**2)
    line = packet(b"5d41402abc4b2a76b9719d911017c592aabbccdd refs/heads/x\n")

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.command == "GET":
            reply(200, VERSION_2, content_type=ADVERTISEMENT)(request)
            return
        request.send_response(200)
        request.send_header("Content-Type", RESULT)
        request.end_headers()
        try:
            while True:
                request.wfile.write(line * 1000)
        except OSError:
            return

    with serving(answer) as web:
        failed = failure(source(mirrors, web.url))
    assert failed.reason is Reason.LIMIT_EXCEEDED


def test_no_cookie_is_kept_and_nothing_packed_is_asked_for(mirrors: Mirrors) -> None:
    answer: Callable[[BaseHTTPRequestHandler], None] = reply(
        200, VERSION_2, content_type=ADVERTISEMENT, set_cookie="session=1; Path=/"
    )
    with serving(answer) as web:
        failure(source(mirrors, web.url))
    assert [one["Accept"] for one in web.seen] == ["*/*", RESULT]
    for one in web.seen:
        assert "Cookie" not in one
        assert one["Accept-Encoding"] == "identity"
        assert one["Git-Protocol"] == "version=2"
