"""Deliveries as GitHub sends them, over kept connections, and what they cost the controller."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.hooks.deliveries import SENDERS, TOKEN

_SAMPLE_SECONDS = 0.05
_BODY_BYTES = 8000
"""About what GitHub sends for a push of one commit."""
_ids = itertools.count()


@dataclass(frozen=True, slots=True)
class Host:
    """Who tells the controller at `address` (host:port) of pushes to one repository."""

    address: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, address: str, url: str) -> Host:
        """A host that has the controller's own secret, for the repository at `url`."""
        push: dict[str, Any] = {"ref": "refs/heads/main", "repository": {"clone_url": url}}
        push["compare"] = "x" * _BODY_BYTES
        sent = SENDERS["GitHub"].delivery(json.dumps(push).encode(), token=TOKEN)
        return cls(address, dict(sent.headers), sent.body)

    def connect(self) -> HTTPConnection:
        """A connection to keep."""
        return HTTPConnection(self.address, timeout=60)

    def deliver(self, connection: HTTPConnection) -> float:
        """One delivery with an id of its own, which must wake one Pack; seconds to its answer."""
        headers = {**self.headers, "x-github-delivery": f"delivery-{next(_ids)}"}
        begun = time.perf_counter()
        connection.request("POST", "/hooks/git", self.body, headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        taken = time.perf_counter() - begun
        assert answer.status == HTTPStatus.ACCEPTED, (answer.status, said)
        assert said == {"status": "accepted", "packs": 1}, said
        return taken

    def storm(self, deliveries: int, connections: int) -> list[float]:
        """As many as can be, over so many connections at once; seconds to the answer of each."""

        def send(number: int) -> list[float]:
            with closing(self.connect()) as kept:
                mine = range(number, deliveries, connections)
                return [self.deliver(kept) for _ in mine]

        with ThreadPoolExecutor(connections) as pool:
            return [each for some in pool.map(send, range(connections)) for each in some]


def resident(pid: int) -> int:
    """Bytes that a process has resident (VmRSS of proc(5)), without the git that it starts."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [size] = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(size) * 1024


@contextmanager
def most_resident(pid: int) -> Iterator[list[int]]:
    """A list whose only element is, at the end, the most that the process had meanwhile."""
    most, over = [resident(pid)], threading.Event()

    def look() -> None:
        while not over.wait(_SAMPLE_SECONDS):
            most[0] = max(most[0], resident(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()
