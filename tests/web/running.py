"""A server of the controller on loopback, asked by a real client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import urllib3

from controller.hooks import Delivery, Push
from controller.hooks.paths import hook_path
from controller.pack.identity import PackKey
from controller.telemetry import Meters
from controller.web import Api, Check, Doors, HttpServer, Readiness, listen, site
from controller.web.hooks import Addressees
from controller.web.listening import Address
from tests.hooks.deliveries import TOKEN


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
    doors: Doors
    client: urllib3.PoolManager

    @property
    def meters(self) -> Meters:
        """What it counts with."""
        return self.doors.meters

    def post(self, path: str, sent: Delivery) -> Answer:
        """Deliver `sent` to the public socket."""
        place = f"http://{self.public}{path}"
        headers = dict(sent.headers)
        answer = self.client.request("POST", place, body=sent.body, headers=headers, timeout=30)
        return Answer(answer.status, answer.data.decode(), {})

    def get(self, path: str, *, at: Address | None = None) -> Answer:
        """Ask for `path`, of the operators' socket unless `at` says otherwise."""
        answer = self.client.request("GET", f"http://{at or self.ops}{path}", timeout=30)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, answer.data.decode(), headers)


KEY = PackKey("team-a", "payments")
PATH = hook_path(TOKEN, KEY)


@dataclass
class Packs:
    """One Pack with a webhook of its own, at PATH with TOKEN; remembers what was told of pushes."""

    told: list[tuple[str, Push]] = field(default_factory=list)

    def token(self, path: str) -> str | None:
        """The secret of the one Pack."""
        return TOKEN if path == PATH else None

    def tell(self, path: str, push: Push) -> int:
        """Remember it."""
        self.told.append((path, push))
        return 1

    def tell_all(self, push: Push) -> int:
        """Remember it."""
        self.told.append(("", push))
        return 3


@contextmanager
def running(
    *checks: Check,
    head_seconds: float = 10.0,
    packs: Addressees | None = None,
    tokens: tuple[str, ...] = (),
    is_open: bool = True,
    api: Api | None = None,
) -> Iterator[Running]:
    """A server, whose readiness depends on `checks`; `packs` hear of pushes."""
    public, ops = listen("127.0.0.1:0"), listen("127.0.0.1:0")
    assert public
    assert ops
    doors = Doors(packs or Packs(), tokens, Meters(), lambda: is_open)
    readiness = Readiness(checks)
    app = site(readiness, doors, ops_port=ops.address.port, api=api)
    server = HttpServer(app, [public.socket, ops.socket], head_seconds=head_seconds)
    with ExitStack() as stack:
        stack.callback(readiness.close)
        server.start()
        stack.callback(server.stop)
        client = stack.enter_context(urllib3.PoolManager(retries=False))
        yield Running(public.address, ops.address, doors, client)
