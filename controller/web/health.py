"""`/healthz` and `/readyz`: whether the process lives, and whether it can do its work.

May import `errors` and `redact`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from controller.redact import brief


@dataclass(frozen=True, slots=True)
class Check:
    """Something that the work needs; `run` raises what is wrong with it."""

    name: str
    run: Callable[[], None]


class Checked(BaseModel):
    """One check and what it said."""

    name: str
    ok: bool
    message: str = Field("", description="What is wrong, and what to do.")


class Health(BaseModel):
    """All checks."""

    status: Literal["ok", "failed"]
    checks: list[Checked] = Field(default_factory=list)


class Readiness:
    """Runs the checks, all at once; what they have said counts for `fresh` seconds.

    One that takes longer than `patience` seconds has failed; the chart's probe waits for five.
    """

    def __init__(
        self, checks: Sequence[Check], *, patience: float = 3.0, fresh: float = 1.0
    ) -> None:
        self._patience, self._fresh = patience, fresh
        self._checks = tuple(checks)
        self._pool = ThreadPoolExecutor(max(1, len(self._checks)), thread_name_prefix="ready")
        self._running: dict[str, Future[None]] = {}
        self._said = Health(status="ok")
        self._until = 0.0
        self._lock = threading.Lock()

    def look(self) -> Health:
        """What the checks say. A check that hangs is not started a second time."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._said = self._look()
                self._until = time.monotonic() + self._fresh
            return self._said

    def close(self) -> None:
        """Start no more checks."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look(self) -> Health:
        deadline = time.monotonic() + self._patience
        for check in self._checks:
            if check.name not in self._running:
                self._running[check.name] = self._pool.submit(check.run)
        said = [self._ask(check, deadline) for check in self._checks]
        return Health(status="ok" if all(one.ok for one in said) else "failed", checks=said)

    def _ask(self, check: Check, deadline: float) -> Checked:
        future = self._running[check.name]
        try:
            future.result(max(0.0, deadline - time.monotonic()))
        except Late:
            return Checked(name=check.name, ok=False, message="It has not answered yet.")
        except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
            del self._running[check.name]
            return Checked(name=check.name, ok=False, message=brief(str(error)))
        del self._running[check.name]
        return Checked(name=check.name, ok=True)


def health_routes(readiness: Readiness) -> APIRouter:
    """The two routes, for the operators' socket."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/healthz")
    async def healthz() -> Health:
        """Whether the process answers. It says nothing of what the process needs: a restart would
        not bring a database back."""
        return Health(status="ok")

    @routes.get("/readyz", responses={503: {"model": Health}})
    def readyz(response: Response) -> Health:
        """Whether the database and the API server answer and Packs are being worked on."""
        found = readiness.look()
        response.status_code = 200 if found.status == "ok" else 503
        return found

    return routes
