"""The sockets: who is answered where, and who is not waited for."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from controller.errors import InvalidSpec
from controller.web import Check, listen
from controller.web.listening import Address
from tests.web.running import running


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_operations_answer_on_their_own_socket_only(path: str) -> None:
    with running() as server:
        assert server.get(path).status == 200
        assert server.get(path, at=server.public).status == 404
        assert server.get("/openapi.json", at=server.public).status == 200
        assert server.get("/openapi.json").status == 404


def test_an_unknown_path_is_answered_as_json_with_safe_headers() -> None:
    with running() as server:
        answer = server.get("/nothing", at=server.public)
    assert (answer.status, json.loads(answer.text)["code"]) == (404, "NOT_FOUND")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nX: 1\r\n"])
def test_a_request_that_does_not_come_is_not_waited_for(begun: bytes) -> None:
    with running(head_seconds=0.05) as server:
        assert _closed_by_server(server.public, begun)


def test_nor_is_the_next_request_of_a_connection() -> None:
    whole = b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
    with running(head_seconds=0.05) as server:
        assert _closed_by_server(server.public, whole + b"GET / HT")


def test_an_answer_may_take_longer_than_a_request() -> None:
    def slow() -> None:
        threading.Event().wait(0.3)

    with running(Check("slow", slow), head_seconds=0.05) as server:
        assert server.get("/readyz").status == 200


def test_the_second_piece_of_an_answer_waits_for_no_acknowledgement() -> None:
    listening = listen("127.0.0.1:0")
    assert listening
    place = (listening.address.host, listening.address.port)
    with listening.socket as server, socket.create_connection(place):
        accepted, _ = server.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def _closed_by_server(address: Address, sent: bytes) -> bool:
    with socket.create_connection((address.host, address.port), timeout=30) as connection:
        connection.sendall(sent)
        while connection.recv(65536):
            pass
    return True


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        ("0.0.0.0:0", "0.0.0.0", 0),  # noqa: S104 - read only
        ("[::1]:9090", "::1", 9090),
        ("localhost:80", "localhost", 80),
    ],
)
def test_an_address_is_read(text: str, host: str, port: int) -> None:
    address = Address.parse(text)
    assert (address.host, address.port, str(address)) == (host, port, text)


@pytest.mark.parametrize("text", ["8080", ":8080", "x:", "x:65536", "x:-1", "::1:80", "x:٣"])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(InvalidSpec, match="no address to listen on"):
        Address.parse(text)


def test_an_address_that_is_taken_is_told() -> None:
    first = listen("127.0.0.1:0")
    assert first
    with pytest.raises(InvalidSpec, match="PACKCTL_OPS_LISTEN"):
        listen(str(first.address))
    first.socket.close()


def test_nothing_listens_where_nothing_is_asked_for() -> None:
    assert listen("") is None
