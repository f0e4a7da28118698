"""`/hooks/…`: what hosts tell of pushes. Imports `hooks`, `telemetry` and the room's bodies.

A delivery only decides who looks at a repository now. It is answered before anybody looks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import structlog
from cachetools import TTLCache
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from controller.hooks import Delivery, Push, is_authentic, read
from controller.hooks.paths import PREFIX
from controller.telemetry import Meters
from controller.web.answers import Problem
from controller.web.bodies import Bodies

_REMEMBERED = 10_000
_REMEMBERED_SECONDS = 3600.0
_REFUSED = "The delivery is not signed with a secret that is known here."

_log = structlog.get_logger(__name__)


class Result(StrEnum):
    """What became of a delivery."""

    ACCEPTED = "accepted"
    IGNORED = "ignored"
    REPEATED = "repeated"
    REFUSED = "refused"


class Received(BaseModel):
    """The answer to a delivery."""

    status: Result = Field(
        description="accepted: the Packs are looked at now. ignored: it tells of no push. "
        "repeated: it came before."
    )
    packs: int = Field(0, description="How many Packs are looked at.")


class Addressees(Protocol):
    """The Packs. Each method may be called from any thread."""

    def token(self, path: str) -> str | None:
        """The secret of the Pack whose webhook has this path; it may take a request."""

    def tell(self, path: str, push: Push) -> int:
        """Have the Pack with this path look at its repository; how many did not know yet."""

    def tell_all(self, push: Push) -> int:
        """Have all Packs that follow what was pushed look; how many they are."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Who may deliver what: `tokens` are the controller's own secrets; `is_open` is False as long
    as another controller is at work, which knows the Packs."""

    packs: Addressees
    tokens: Sequence[str]
    meters: Meters
    is_open: Callable[[], bool]


_ANSWERS: dict[int | str, dict[str, object]] = {
    200: {"model": Received, "description": "Nothing to do."},
    401: {"model": Problem, "description": "Not signed, or no such path."},
    408: {"model": Problem, "description": "The body did not come in time."},
    413: {"model": Problem, "description": "The body is too large."},
    415: {"model": Problem, "description": "The body is compressed."},
    503: {"model": Problem, "description": "Too much at once."},
}


def hook_routes(doors: Doors, bodies: Bodies) -> APIRouter:
    """The routes, for the public socket."""
    routes = APIRouter(prefix=PREFIX.rstrip("/"), tags=["webhooks"], responses=_ANSWERS)
    seen: TTLCache[str, None] = TTLCache(_REMEMBERED, _REMEMBERED_SECONDS)

    async def received(request: Request, response: Response, path: str | None) -> Received:
        if not doors.is_open():
            raise HTTPException(503, "Another controller is at work: send it again later.")
        delivery = Delivery(dict(request.headers), await bodies.read(request))
        tokens = doors.tokens if path is None else await _tokens(doors.packs, path)
        answer = _judge(doors, delivery, tokens, path, seen)
        response.status_code = 202 if answer.status is Result.ACCEPTED else 200
        return answer

    @routes.post("/git", status_code=202)
    async def deliver(request: Request, response: Response) -> Received:
        """A push, signed with the controller's own secret, to any repository. GitHub, GitLab,
        Gitea, Forgejo, Gogs, Bitbucket and Azure DevOps are known by their headers; all others
        send `X-Signature: sha256=<HMAC of the body>` or `Authorization: Bearer <secret>`, and
        `{"url": …, "ref": …}`."""
        return await received(request, response, None)

    @routes.post("/{digest}", status_code=202)
    async def deliver_to_pack(digest: str, request: Request, response: Response) -> Received:
        """A push for one Pack, whose `status.webhook.path` this is, signed with the `token` of
        its Secret."""
        return await received(request, response, PREFIX + digest)

    return routes


async def _tokens(packs: Addressees, path: str) -> Sequence[str]:
    token = await run_in_threadpool(packs.token, path)
    return (token,) if token else ()


def _judge(
    doors: Doors,
    delivery: Delivery,
    tokens: Sequence[str],
    path: str | None,
    seen: TTLCache[str, None],
) -> Received:
    if not is_authentic(delivery, tokens, time.time()):
        doors.meters.delivered(delivery.provider, Result.REFUSED)
        # The same for a path that nobody has, so that nothing is learnt of what there is.
        raise HTTPException(401, _REFUSED)
    answer = _told(doors.packs, delivery, path, seen)
    doors.meters.delivered(delivery.provider, answer.status)
    _log.info(
        "webhook",
        provider=delivery.provider.value,
        delivery_event=delivery.event,
        result=answer.status.value,
        packs=answer.packs,
    )
    return answer


def _told(
    packs: Addressees, delivery: Delivery, path: str | None, seen: TTLCache[str, None]
) -> Received:
    push = read(delivery)
    if push is None:
        return Received(status=Result.IGNORED)
    if delivery.id and delivery.id in seen:
        return Received(status=Result.REPEATED)
    if delivery.id:
        seen[delivery.id] = None
    told = packs.tell_all(push) if path is None else packs.tell(path, push)
    return Received(status=Result.ACCEPTED, packs=told)
