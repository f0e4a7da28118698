"""`GET /api/v1/events`: tells of packs as they change (server-sent events). Imports the room.

A change that the controller sees is told in its thread; each stream gathers what has changed, and
asks for the lines of all of it at once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from controller.errors import PackError
from controller.pack.identity import PackKey
from controller.web.api.desk import Desk, may
from controller.web.api.packs import PROBLEMS
from controller.web.api.seen import permitted
from controller.web.auth import Caller, Gate, Given, Target, Who

_MOST = 100
_PAUSE = 0.2
"""Seconds between two rounds, in which changes of one pack melt into one."""
_QUIET = 15.0
"""Seconds without a change after which a comment shows that the stream lives."""
_CHECKED = 30.0
"""Seconds after which the caller's token must still be good."""

_EXAMPLE = 'event: ready\ndata: {}\n\nevent: pack\ndata: {"ref": "payments", …}\n\n'


class Changes:
    """The keys that have changed since they were taken last. `hear` is for any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._keys: set[PackKey] = set()
        self._any = asyncio.Event()

    def hear(self, key: PackKey) -> None:
        """This one has changed."""
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._add, key)

    def _add(self, key: PackKey) -> None:
        self._keys.add(key)
        self._any.set()

    async def take(self, seconds: float) -> set[PackKey]:
        """What has changed; empty where nothing has within `seconds`."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._any.wait(), seconds)
        taken, self._keys = self._keys, set()
        self._any.clear()
        return taken


def event_routes(desk: Desk) -> APIRouter:
    """The route, for the public socket."""
    routes = APIRouter(prefix="/api/v1", tags=["packs"], responses=PROBLEMS)
    open_now = 0

    async def stream(request: Request, caller: Caller, token: str) -> AsyncIterator[str]:
        nonlocal open_now
        open_now += 1
        gate: Gate = request.app.state.gate
        loop = asyncio.get_running_loop()
        changes, checked = Changes(), loop.time()
        try:
            with desk.packs.listening(changes.hear):
                yield _event("ready", "{}")
                while True:
                    keys = await changes.take(_QUIET)
                    if loop.time() - checked > _CHECKED:
                        caller, checked = await _again(gate, request, token), loop.time()
                    for line in await run_in_threadpool(_lines, desk, caller, keys):
                        yield line
                    await asyncio.sleep(_PAUSE)
        except (HTTPException, PackError):
            yield _event("end", "{}")
        finally:
            open_now -= 1

    @routes.get(
        "/events",
        response_class=StreamingResponse,
        responses={
            200: {"content": {"text/event-stream": {"example": _EXAMPLE}}, "description": "Events."}
        },
    )
    async def events(request: Request, caller: Who, given: Given) -> StreamingResponse:
        """Packs as they change, as server-sent events. `ready` comes first: what a list tells from
        then on misses nothing. `pack` has a pack as in a list, `gone` the name of one that
        was deleted; `end` asks to connect again."""
        if open_now >= _MOST:
            raise HTTPException(503, "Too many streams are open.", headers={"Retry-After": "30"})
        token = given.credentials if given else ""
        told = stream(request, caller, token)
        # A proxy that gathers the answer would hold every change back.
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(told, headers=headers, media_type="text/event-stream")

    return routes


async def _again(gate: Gate, request: Request, token: str) -> Caller:
    """The caller, if the token is still good."""
    return await run_in_threadpool(gate.caller, request, token)


def _lines(desk: Desk, caller: Caller, keys: set[PackKey]) -> list[str]:
    """The events of what has changed."""
    if not keys:
        return [": nothing new\n\n"]
    found = desk.lines(caller, keys)
    shown = [
        _event("pack", permitted(one, may=may(caller, one)).model_dump_json()) for one in found
    ]
    known = {one.resource.key for one in found if one.resource}
    # A name alone is told of those only that are no more: nobody may learn what others have.
    gone = [key for key in sorted(keys - known) if desk.packs.get(key) is None]
    return shown + [_event("gone", _gone(key)) for key in gone if _may_know(caller, key)]


def _may_know(caller: Caller, key: PackKey) -> bool:
    return caller.grants.shows(Target("", key.namespace, key.name))


def _gone(key: PackKey) -> str:
    return json.dumps({"namespace": key.namespace, "name": key.name})


def _event(kind: str, data: str) -> str:
    return f"event: {kind}\ndata: {data}\n\n"
