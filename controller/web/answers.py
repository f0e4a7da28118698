"""Errors as JSON, and the headers of every answer. May import `errors` and `redact`."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from controller.errors import PackError, Reason, Transient, Waiting
from controller.redact import brief
from controller.web.asgi import App, Receive, Scope, Send

_CSP = (
    b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    b"object-src 'none'"
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", _CSP),
)

_log = structlog.get_logger(__name__)


class Problem(BaseModel):
    """What every failed request is answered with."""

    error: str = Field(description="What is wrong, and what to do.")
    code: str = Field(description="The same for programs.", examples=["NOT_FOUND"])
    details: list[str] = Field(default_factory=list, description="The places it is wrong at.")


def problem(status: int, message: str, *details: str) -> JSONResponse:
    """A failed request's answer."""
    code = _CODES.get(status, "ERROR")
    body = Problem(error=brief(message), code=code, details=[brief(one) for one in details])
    return JSONResponse(body.model_dump(), status)


_CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "TOO_LARGE",
    422: "INVALID",
    429: "TOO_MANY_REQUESTS",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


def answer_errors(app: FastAPI) -> None:
    """Answer each error of `app` as a `Problem`, without a word of the code it came from."""

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> JSONResponse:
        answer = problem(error.status_code, str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        places = [_place(one) for one in error.errors()]
        return problem(422, "The request is not valid.", *places)

    @app.exception_handler(PackError)
    async def hindered(_request: Request, error: PackError) -> JSONResponse:
        is_away = isinstance(error, Transient) or error.reason is Reason.DATABASE_REFUSED
        answer = problem(503 if is_away else 409, str(error), error.reason.value)
        if is_away or isinstance(error, Waiting):
            answer.headers["Retry-After"] = str(round(getattr(error, "retry_after", None) or 5))
        return answer


def _place(error: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg']}"


class Surprises:
    """ASGI middleware: an error that nobody foresaw is logged and answered as a `Problem`.

    Starlette would answer it outside of all other middleware, so without their headers.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer it if nobody else can."""
        is_begun = False

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal is_begun
            is_begun = is_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            _log.error(
                "request failed",
                method=scope.get("method"),
                path=scope.get("path"),
                error=type(error).__name__,
                message=brief(str(error)),
            )
            if is_begun:
                raise
            answer = problem(500, "The request failed. The controller's log says more.")
            await answer(scope, receive, send)


class SafeHeaders:
    """ASGI middleware: what browsers are told not to do with our answers."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                added = [pair for pair in _HEADERS if pair[0] not in given]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, with_headers)
