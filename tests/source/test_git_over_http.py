"""What a `GitSource` makes of servers that fail, lie, redirect, ask for a login or hang."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from controller.errors import PackError, Reason, Stalled, Transient
from controller.source.access import OPEN, Access, HttpLogin
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from controller.source.urls import Scheme, parse_url
from tests.e2e.processes import processes
from tests.source.fake_server import ADVERTISEMENT, Answer, packet, reply, serving

LOGIN = HttpLogin("robot", "hunter2-secret")
TOKEN = HttpLogin(bearer_token="hunter2-secret")
SAFETY_NET = 20.0


def failure(
    mirrors: Mirrors, url: str, *, login: HttpLogin | None = None, timeout: float = SAFETY_NET
) -> PackError:
    source = GitSource(mirrors, GitTarget(url, access=Access(login), timeout=timeout))
    with pytest.raises(PackError) as failed:
        source.fetch()
    assert url in failed.value.message
    assert failed.value.hint
    return failed.value


def hang_up(request: BaseHTTPRequestHandler) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


def cut_short(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", ADVERTISEMENT)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(packet(b"# service=git-upload-pack\n"))
    hang_up(request)


def refusal(text: bytes) -> Answer:
    body = packet(b"# service=git-upload-pack\n") + b"0000" + packet(b"ERR " + text)
    return reply(200, body, content_type=ADVERTISEMENT)


ANSWERS: dict[str, tuple[Answer, type[PackError], Reason]] = {
    "301": (reply(301, location="/x"), Stalled, Reason.REPOSITORY_NOT_FOUND),
    "302": (reply(302, location="http://127.0.0.1:1/x"), Stalled, Reason.REPOSITORY_NOT_FOUND),
    "307": (reply(307, location="/x"), Stalled, Reason.REPOSITORY_NOT_FOUND),
    "401": (
        reply(401, www_authenticate='Basic realm="x"'),
        Stalled,
        Reason.AUTHENTICATION_FAILED,
    ),
    "401 bearer": (
        reply(401, www_authenticate='Bearer realm="x"'),
        Stalled,
        Reason.AUTHENTICATION_FAILED,
    ),
    "403": (reply(403), Stalled, Reason.AUTHENTICATION_FAILED),
    "404": (reply(404), Stalled, Reason.REPOSITORY_NOT_FOUND),
    "410": (reply(410), Stalled, Reason.REPOSITORY_NOT_FOUND),
    "429": (reply(429), Transient, Reason.RATE_LIMITED),
    "500": (reply(500), Transient, Reason.GIT_UNREACHABLE),
    "503": (reply(503), Transient, Reason.GIT_UNREACHABLE),
    "web page": (
        reply(200, b"<!doctype html>\n<html></html>\n", content_type="text/html"),
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
    ),
    "rubbish": (
        reply(200, b"rubbish!", content_type=ADVERTISEMENT),
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
    ),
    "hangs up": (hang_up, Transient, Reason.GIT_UNREACHABLE),
    "cut short": (cut_short, Transient, Reason.GIT_UNREACHABLE),
    "refuses": (refusal(b"under maintenance"), Transient, Reason.GIT_UNREACHABLE),
}


@pytest.mark.parametrize("login", [None, LOGIN, TOKEN], ids=["open", "password", "token"])
@pytest.mark.parametrize(("answer", "error", "reason"), ANSWERS.values(), ids=ANSWERS.keys())
def test_every_answer_has_its_error(
    mirrors: Mirrors,
    answer: Answer,
    error: type[PackError],
    reason: Reason,
    login: HttpLogin | None,
) -> None:
    with serving(answer) as server:
        failed = failure(mirrors, server.url, login=login)
    assert (type(failed), failed.reason) == (error, reason)


def test_a_login_that_is_missing_or_wrong_gets_its_own_advice(mirrors: Mirrors) -> None:
    with serving(reply(401, www_authenticate='Basic realm="x"')) as server:
        without = failure(mirrors, server.url)
        wrong = failure(mirrors, server.url, login=LOGIN)
    assert "create a Secret" in without.hint
    assert "holds a valid login" in wrong.hint


def test_closed_port_and_unknown_host_read_the_same(mirrors: Mirrors) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        refused = failure(mirrors, f"http://127.0.0.1:{port}/x")
    with serving(hang_up) as server:
        dropped = failure(mirrors, server.url)
    unknown = failure(mirrors, "http://no-such-host.invalid/x")
    words = {str(one).replace(one.message.split()[0], "URL") for one in (refused, dropped, unknown)}
    assert len(words) == 1
    assert isinstance(refused, Transient)


def test_tls_trouble_is_named(mirrors: Mirrors) -> None:
    with serving(reply(200)) as server:
        failed = failure(mirrors, server.url.replace("http://", "https://"))
    assert failed.reason is Reason.GIT_UNREACHABLE
    assert "secure connection" in failed.message


@pytest.mark.parametrize("login", [LOGIN, TOKEN], ids=["password", "token"])
def test_credentials_go_to_their_host_alone(mirrors: Mirrors, login: HttpLogin) -> None:
    with serving(reply(404)) as other:
        with serving(reply(302, location=f"{other.url}/info/refs")) as server:
            failed = failure(mirrors, server.url, login=login)
        assert other.seen == []
    assert "redirects" in failed.message
    name, _, value = login.header.partition(": ")
    assert {headers.get(name) for headers in server.seen} == {value}


@pytest.mark.parametrize("login", [LOGIN, TOKEN], ids=["password", "token"])
def test_credentials_are_in_no_command_line_file_or_message(
    mirrors: Mirrors, cache: Path, login: HttpLogin
) -> None:
    lines: list[bytes] = []

    def echo(request: BaseHTTPRequestHandler) -> None:
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                lines.append(process.read_bytes())
            except OSError:
                continue
        refusal(request.headers["Authorization"].encode())(request)

    pinned = GitReference(ReferenceKind.COMMIT, "1" * 40)
    with serving(echo) as server:
        failed = failure(mirrors, server.url, login=login)
        with pytest.raises(PackError) as fetched:
            GitSource(mirrors, GitTarget(server.url, pinned, access=Access(login))).fetch()
    assert any(b"fetch" in line for line in lines)
    files = [path.read_bytes() for path in cache.rglob("*") if path.is_file()]
    names = [str(path).encode() for path in cache.rglob("*")]
    said = f"{failed} {fetched.value} {failed!r}".encode()
    for secret in login.secrets:
        assert not [text for text in (*lines, *files, *names, said) if secret.encode() in text]


def test_the_netrc_of_the_user_is_not_read(
    mirrors: Mirrors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hunter2\n")
    (tmp_path / ".gitconfig").write_text("[http]\n\textraHeader = X-Evil: 1\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    with serving(reply(401, www_authenticate='Basic realm="x"')) as server:
        failure(mirrors, server.url)
    assert not [seen for seen in server.seen if "Authorization" in seen or "X-Evil" in seen]


def test_git_variables_of_the_caller_are_not_inherited(
    mirrors: Mirrors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'http.extraheader'='X-Evil: 1'")
    with serving(reply(404)) as server:
        failed = failure(mirrors, server.url)
    assert failed.reason is Reason.REPOSITORY_NOT_FOUND
    assert not [seen for seen in server.seen if "X-Evil" in seen]


def never(request: BaseHTTPRequestHandler) -> None:
    """Answer nothing until the other side gives up."""
    request.connection.settimeout(SAFETY_NET)
    request.connection.recv(1)


def drip(request: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever: no low-speed limit ends this."""
    request.send_response(200)
    request.send_header("Content-Type", ADVERTISEMENT)
    request.end_headers()
    request.wfile.write(b"0800")  # the length of a line that never ends
    pause = threading.Event()
    try:
        while not pause.wait(0.05):
            request.wfile.write(b"0")
    except OSError:
        return


@pytest.mark.parametrize("answer", [never, drip])
def test_a_server_that_hangs_costs_the_timeout_and_no_more(
    mirrors: Mirrors, answer: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    with serving(answer) as server:
        others = children(os.getpid())
        failed = failure(mirrors, server.url, timeout=0.5)
    assert (type(failed), failed.reason) == (Transient, Reason.GIT_TIMEOUT)
    assert children(os.getpid()) == others


def children(parent: int) -> list[int]:
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(word) for word in text.split()]


def guards_of(cache: Path) -> list[int]:
    """The shells that wait for the end of who started git on a mirror."""
    return [
        one.pid
        for one in processes()
        if one.command.startswith("sh ") and f"--git-dir={cache}" in one.command
    ]


def test_a_mirror_stays_locked_while_an_orphan_writes_to_it(mirrors: Mirrors, cache: Path) -> None:
    """The guard that would end git with the controller was killed with it: git lives on, and nobody
    else may write."""
    script = (
        "import sys, pathlib\n"
        "from controller.source.git_source import GitSource\n"
        "from controller.source.mirrors import Mirrors\n"
        "from controller.source.target import GitReference, GitTarget, ReferenceKind\n"
        "from controller.source.urls import Scheme\n"
        "mirrors = Mirrors(pathlib.Path(sys.argv[1]), frozenset({Scheme.HTTP}))\n"
        "pinned = GitReference(ReferenceKind.COMMIT, '1' * 40)\n"
        "GitSource(mirrors, GitTarget(sys.argv[2], pinned)).fetch()\n"
    )
    released = threading.Event()

    def wait(_: BaseHTTPRequestHandler) -> None:
        released.wait(SAFETY_NET)

    with serving(wait) as server:
        mirror = mirrors.of(parse_url(server.url, frozenset({Scheme.HTTP})), OPEN)
        command = [sys.executable, "-c", script, str(cache), server.url]
        with subprocess.Popen(command) as controller:
            assert server.asked.wait(SAFETY_NET)
            (guard,) = guards_of(cache)
            os.kill(guard, signal.SIGKILL)
            controller.send_signal(signal.SIGKILL)
        with pytest.raises(Transient, match="in use"), mirror.held(time.monotonic() + 0.1):
            pass
        released.set()
        with mirror.held(time.monotonic() + SAFETY_NET):
            assert list(cache.glob("*.git/objects/pack/tmp_*")) == []
