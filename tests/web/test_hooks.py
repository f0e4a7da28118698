"""Deliveries over a real socket: who is heard, who is not, and what they are told."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from controller.hooks import place
from controller.web.listening import Address
from tests.hooks.deliveries import SENDERS, TOKEN, token_of
from tests.web.running import PATH, Packs, Running, running


def _now(name: str) -> float:
    return time.time() if name == "GitLab, signed" else 0.0


@pytest.mark.parametrize("name", SENDERS)
def test_a_push_of_each_host_is_passed_on(name: str) -> None:
    packs = Packs()
    sent = SENDERS[name].delivery(token=token_of(name), now=_now(name))
    with running(packs=packs, tokens=("old", token_of(name))) as server:
        answer = server.post("/hooks/git", sent)
    assert (answer.status, json.loads(answer.text)) == (202, {"status": "accepted", "packs": 3})
    ((_, push),) = packs.told
    assert {place(url) for url in push.urls} == {place(url) for url in SENDERS[name].urls}


def test_a_pack_has_a_path_and_a_secret_of_its_own() -> None:
    packs = Packs()
    with running(packs=packs, tokens=("other",)) as server:
        answer = server.post(PATH, SENDERS["GitHub"].delivery())
        elsewhere = server.post("/hooks/git", SENDERS["GitHub"].delivery())
    assert json.loads(answer.text) == {"status": "accepted", "packs": 1}
    assert elsewhere.status == 401
    assert [path for path, _ in packs.told] == [PATH]


def test_who_does_not_know_the_secret_learns_nothing() -> None:
    packs = Packs()
    forged = SENDERS["GitHub"].delivery(token="guessed")
    with running(packs=packs, tokens=(TOKEN,)) as server:
        answers = {
            (answer.status, answer.text)
            for path in ("/hooks/git", PATH, "/hooks/none", f"/hooks/{'0' * 64}")
            for answer in [server.post(path, forged)]
        }
    assert len(answers) == 1
    assert {status for status, _ in answers} == {401}
    assert packs.told == []


def test_without_a_secret_of_the_controller_nobody_is_heard() -> None:
    with running(packs=Packs()) as server:
        assert server.post("/hooks/git", SENDERS["GitHub"].delivery(token="")).status == 401


def test_a_ping_is_answered() -> None:
    packs = Packs()
    ping = SENDERS["GitHub"].delivery({"zen": "x"}, x_github_event="ping")
    with running(packs=packs, tokens=(TOKEN,)) as server:
        answer = server.post("/hooks/git", ping)
    assert (answer.status, json.loads(answer.text)["status"]) == (200, "ignored")
    assert packs.told == []


def test_what_came_before_is_not_passed_on_again() -> None:
    packs = Packs()
    with running(packs=packs, tokens=(TOKEN,)) as server:
        first, again = (server.post("/hooks/git", SENDERS["GitHub"].delivery()) for _ in "12")
        other = server.post("/hooks/git", SENDERS["GitHub"].delivery(x_github_delivery="other"))
    assert [json.loads(one.text)["status"] for one in (first, again, other)] == [
        "accepted",
        "repeated",
        "accepted",
    ]
    assert (again.status, len(packs.told)) == (200, 2)


def test_what_waits_for_the_lease_asks_to_come_again() -> None:
    with running(packs=Packs(), tokens=(TOKEN,), is_open=False) as server:
        assert server.post("/hooks/git", SENDERS["GitHub"].delivery()).status == 503


def test_deliveries_are_counted_by_host_and_result() -> None:
    with running(packs=Packs(), tokens=(TOKEN,)) as server:
        server.post("/hooks/git", SENDERS["Gitea"].delivery())
        server.post("/hooks/git", SENDERS["Gitea"].delivery(token="forged"))
        page = server.get("/metrics").text
    for result in ("accepted", "refused"):
        line = f'attune_webhook_deliveries_total{{provider="Gitea",result="{result}"}} 1.0'
        assert line in page


HOSTILE = {
    "two gigabytes": (b"Content-Length: 2147483648\r\n\r\n", b"413"),
    "more than a mebibyte": (b"Content-Length: 1048577\r\n\r\n", b"413"),
    "chunks without end": (
        b"Transfer-Encoding: chunked\r\n\r\n" + b"10000\r\n%b\r\n" % bytes(65536) * 20,
        b"413",
    ),
    "a packed body": (b"Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", b"415"),
    "a length that is none": (b"Content-Length: -1\r\n\r\n", b"400"),
    "two lengths": (b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
    "no signature": (b"Content-Length: 2\r\n\r\n{}", b"401"),
    "a signature of bytes": (
        b"X-Hub-Signature-256: sha256=\xff\xfe\r\nContent-Length: 2\r\n\r\n{}",
        b"401",
    ),
}


@pytest.mark.parametrize(("sent", "status"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_too_much_or_odd_is_refused_at_once(sent: bytes, status: bytes) -> None:
    packs = Packs()
    with running(packs=packs, tokens=(TOKEN,)) as server:
        answer = _raw(server.public, b"X-GitHub-Event: push\r\n" + sent)
        assert server.post("/hooks/git", SENDERS["GitHub"].delivery()).status == 202
    assert answer.split()[1] == status
    assert len(packs.told) == 1


def _raw(address: Address, rest: bytes) -> bytes:
    head = b"POST /hooks/git HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    with socket.create_connection((address.host, address.port), timeout=30) as connection:
        connection.sendall(head + rest)
        return connection.recv(65536)


def test_a_slow_lookup_of_one_pack_holds_up_no_other() -> None:
    release = threading.Event()

    class Slow(Packs):
        def token(self, path: str) -> str | None:
            release.wait(30)
            return super().token(path)

    with running(packs=Slow(), tokens=(TOKEN,)) as server:
        waiting = threading.Thread(target=_ignore, args=(server,))
        waiting.start()
        assert server.post("/hooks/git", SENDERS["GitHub"].delivery()).status == 202
        release.set()
        waiting.join()


def _ignore(server: Running) -> None:
    server.post(PATH, SENDERS["GitHub"].delivery())
