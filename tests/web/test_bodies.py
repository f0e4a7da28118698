"""The bounds of bodies: size, time, and all together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import HTTPException, Request

from controller.web.bodies import Bodies


def _request(parts: list[bytes], *, ends: bool = True, **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    coming = _messages(parts, ends=ends)
    return Request({"type": "http", "method": "POST", "headers": raw}, lambda: anext(coming))


async def _messages(parts: list[bytes], *, ends: bool) -> AsyncIterator[dict[str, Any]]:
    for part in parts:
        yield {"type": "http.request", "body": part, "more_body": True}
    if not ends:
        await asyncio.Event().wait()
    yield {"type": "http.request", "body": b"", "more_body": False}


def _status(bodies: Bodies, request: Request) -> int:
    with pytest.raises(HTTPException) as refused:
        asyncio.run(bodies.read(request))
    return refused.value.status_code


def test_a_body_is_read_whole() -> None:
    assert asyncio.run(Bodies().read(_request([b"{", b"}"]))) == b"{}"


def test_one_of_exactly_the_most_is_read() -> None:
    assert asyncio.run(Bodies(most=4).read(_request([b"ab", b"cd"], content_length="4"))) == b"abcd"


def test_a_larger_one_is_refused_by_what_it_says_and_by_what_it_is() -> None:
    assert _status(Bodies(most=4), _request([], ends=False, content_length="5")) == 413
    assert _status(Bodies(most=4), _request([b"ab", b"cde"], ends=False)) == 413


def test_one_that_does_not_come_is_not_waited_for() -> None:
    assert _status(Bodies(seconds=0.01), _request([b"a"], ends=False)) == 408


def test_all_together_have_a_bound_and_what_is_over_makes_room() -> None:
    bodies = Bodies(most=8, most_of_all=10, seconds=0.05)

    async def crowd() -> list[Any]:
        waiting = [_request([b"1234"], ends=False) for _ in range(3)]
        return await asyncio.gather(*(bodies.read(one) for one in waiting), return_exceptions=True)

    assert sorted(one.status_code for one in asyncio.run(crowd())) == [408, 408, 503]
    assert asyncio.run(bodies.read(_request([b"12345678"]))) == b"12345678"
