"""Reads a request's body within bounds: of size, of time, and of all bodies together.

Imports nothing of ours but the room's errors.
"""

from __future__ import annotations

import asyncio

from fastapi import HTTPException, Request

_MOST = 1024 * 1024
_MOST_OF_ALL = 32 * 1024 * 1024


class Bodies:
    """The bodies that are in memory. Belongs to one loop."""

    def __init__(
        self, *, seconds: float = 10.0, most: int = _MOST, most_of_all: int = _MOST_OF_ALL
    ) -> None:
        """`most` bytes of one, within `seconds`; `most_of_all` of those that are being read."""
        self._seconds, self._most, self._most_of_all = seconds, most, most_of_all
        self._held = 0

    async def read(self, request: Request) -> bytes:
        """The body as it came; raises `HTTPException` where it is too large, late or packed."""
        if request.headers.get("content-encoding", "identity") != "identity":
            raise HTTPException(415, "Send the body as it is, without Content-Encoding.")
        if _said(request) > self._most:
            raise self._too_large()
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(self._seconds):
                async for part in request.stream():
                    self._held += len(part)
                    parts.append(part)
                    self._check(sum(map(len, parts)))
        except TimeoutError:
            raise HTTPException(
                408, "The body did not come in time.", headers={"Connection": "close"}
            ) from None
        finally:
            self._held -= sum(map(len, parts))
        return b"".join(parts)

    def _check(self, size: int) -> None:
        if size > self._most:
            raise self._too_large()
        if self._held > self._most_of_all:
            raise HTTPException(503, "Too much is coming in at once: send it again later.")

    def _too_large(self) -> HTTPException:
        return HTTPException(
            413,
            f"The body is larger than {self._most:,} bytes.",
            headers={"Connection": "close"},
        )


def _said(request: Request) -> int:
    said = request.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else 0
