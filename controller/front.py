"""What of the controller listens, and where: sockets, app and server in their order.

May import `config` and `web`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import structlog

from controller.config import Settings
from controller.web import Api, Check, Doors, HttpServer, Readiness, listen, site

_log = structlog.get_logger(__name__)


@contextmanager
def front(
    settings: Settings, needs: Sequence[Check], doors: Doors, api: Api | None = None
) -> Iterator[None]:
    """Answer where the settings say; raises `InvalidSpec` for an address that cannot be had."""
    public, operations = listen(settings.http_listen), listen(settings.ops_listen)
    heard = [each for each in (public, operations) if each]
    if not heard:
        yield
        return
    readiness = Readiness(needs)
    ops_port = operations.address.port if operations else None
    app = site(readiness, doors, ops_port=ops_port, api=api)
    server = HttpServer(app, [one.socket for one in heard])
    with ExitStack() as stack:
        stack.callback(readiness.close)
        server.start()
        stack.callback(server.stop)
        places = {"http": public, "operations": operations}
        _log.info("listening", **{name: str(at.address) for name, at in places.items() if at})
        yield
