"""A way to a server that is cut at the worst moment: between a COMMIT and the answer to it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import Enum
from typing import Self
from urllib.parse import urlsplit

_PIECE = 64 * 1024


class Cut(Enum):
    """Where the COMMIT was when the connection ended. The client cannot tell one from the other."""

    ON_THE_WAY = "the server never got it"
    DONE = "the server has done it, and nobody heard of it"


class CuttingProxy:
    """A context around a proxy in front of the server of `url`. Its own address is `url`, too.

    Once `cut` is set, what a client says next is its last word.
    """

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._server = (str(place.hostname), int(place.port or 0))
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        here = place._replace(netloc=f"{place.username}:{place.password}@127.0.0.1:{port}")
        self.url = here.geturl()
        self.cut: Cut | None = None
        self.cuts = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                threading.Thread(target=self._there, args=(client, server), daemon=True).start()
                threading.Thread(target=_back, args=(server, client), daemon=True).start()

    def _there(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError), client, server:
            while said := client.recv(_PIECE):
                cut, self.cut = self.cut, None
                if cut is None:
                    server.sendall(said)
                    continue
                self.cuts += 1
                # From here on the client hears no more.
                client.shutdown(socket.SHUT_RDWR)
                if cut is Cut.DONE:
                    server.sendall(said)
                server.shutdown(socket.SHUT_WR)
                return


def _back(server: socket.socket, client: socket.socket) -> None:
    with suppress(OSError):
        while said := server.recv(_PIECE):
            client.sendall(said)
        client.shutdown(socket.SHUT_WR)
