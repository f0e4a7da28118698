"""Answers that a healthy API server does not give, from a server that gives them one by one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

import pytest
from kubernetes import client

from controller.operator.request import ApiRefused, ApiUnavailable, ClusterError, Requests


class Answer(NamedTuple):
    status: int
    text: str = "{}"
    retry_after: str = ""


class Faulty(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), OneByOne)
        self.answers: list[Answer | None] = []
        self.asked = 0


class OneByOne(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # the name that http.server looks for
        assert isinstance(self.server, Faulty)
        self.server.asked += 1
        answer = self.server.answers.pop(0)
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        if answer.retry_after:
            self.send_header("Retry-After", answer.retry_after)
        self.send_header("Content-Length", str(len(answer.text)))
        self.end_headers()
        self.wfile.write(answer.text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    with Faulty() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def requests(faulty: Faulty) -> Iterator[Requests]:
    access = client.Configuration(host=f"http://127.0.0.1:{faulty.server_port}")
    access.retries = False
    made = Requests(access, connections=2)
    yield made
    made.close()


GOOD = Answer(200, '{"kind": "Pack"}')


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Answer(500), id="an internal error"),
        pytest.param(Answer(503, "<html>"), id="a proxy without a backend"),
        pytest.param(Answer(429), id="too many requests"),
        pytest.param(Answer(200, "<html>please log in</html>"), id="a page in its place"),
        pytest.param(None, id="a connection that is cut"),
    ],
)
def test_what_passes_is_tried_again(
    faulty: Faulty, requests: Requests, fault: Answer | None
) -> None:
    faulty.answers = [fault, fault, GOOD]
    assert requests.send("GET", "/x") == {"kind": "Pack"}


def test_tries_come_to_an_end(faulty: Faulty, requests: Requests) -> None:
    faulty.answers = [Answer(500, '{"message": "etcd is away"}')] * 9
    with pytest.raises(ApiUnavailable, match="answered 500 to GET /x: etcd is away"):
        requests.send("GET", "/x")
    assert faulty.asked == 3


def test_the_server_says_how_long_to_wait(faulty: Faulty, requests: Requests) -> None:
    faulty.answers = [Answer(429, retry_after="1"), GOOD]
    began = time.monotonic()
    requests.send("GET", "/x")
    assert time.monotonic() - began >= 1


def test_how_long_to_wait_reaches_the_caller(faulty: Faulty, requests: Requests) -> None:
    faulty.answers = [Answer(429, retry_after="77")]
    with pytest.raises(ApiUnavailable) as caught:
        requests.send("GET", "/x", attempts=1)
    assert caught.value.retry_after == 77


@pytest.mark.parametrize("status", [400, 401, 403, 405, 422])
def test_what_does_not_pass_is_not_tried_again(
    faulty: Faulty, requests: Requests, status: int
) -> None:
    faulty.answers = [Answer(status, '{"message": "no"}'), GOOD]
    with pytest.raises(ApiRefused, match=f"answered {status} to GET /x: no"):
        requests.send("GET", "/x")
    assert faulty.asked == 1


def test_an_endless_page_is_cut_in_the_message(faulty: Faulty, requests: Requests) -> None:
    faulty.answers = [Answer(400, "https://robot:hunter2@proxy.example.com " + "x" * 100_000)]
    with pytest.raises(ClusterError) as caught:
        requests.send("GET", "/x")
    assert len(str(caught.value)) < 500
    assert "hunter2" not in str(caught.value)
