"""A server of the controller on loopback, asked by a real client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import urllib3

from controller.telemetry import Meters
from controller.web import Check, HttpServer, Readiness, listen, site
from controller.web.listening import Address


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Running:
    """Where it listens; `get` asks on one of the two sockets."""

    public: Address
    ops: Address
    meters: Meters
    client: urllib3.PoolManager

    def get(self, path: str, *, at: Address | None = None) -> Answer:
        """Ask for `path`, of the operators' socket unless `at` says otherwise."""
        answer = self.client.request("GET", f"http://{at or self.ops}{path}", timeout=30)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, answer.data.decode(), headers)


@contextmanager
def running(*checks: Check, head_seconds: float = 10.0) -> Iterator[Running]:
    """A server, whose readiness depends on `checks`."""
    public, ops = listen("127.0.0.1:0"), listen("127.0.0.1:0")
    assert public
    assert ops
    meters, readiness = Meters(), Readiness(checks)
    app = site(readiness, meters, ops_port=ops.address.port)
    server = HttpServer(app, [public.socket, ops.socket], head_seconds=head_seconds)
    with ExitStack() as stack:
        stack.callback(readiness.close)
        server.start()
        stack.callback(server.stop)
        client = stack.enter_context(urllib3.PoolManager(retries=False))
        yield Running(public.address, ops.address, meters, client)
