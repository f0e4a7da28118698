"""The page at `/`: files that a browser runs as they are. Imports nothing of the room.

The browser asks the API for all that it shows, with the token of whoever looks; the files
themselves tell nothing and are for everybody.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.staticfiles import StaticFiles

_FOLDER = Path(__file__).parent / "static"
_PAGE = "index.html"
# Nothing of another site, no script or style inside of the page, and no text that becomes HTML
# (Trusted Types without a policy). A workflow's graph comes with the token and is shown as a blob.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def page_routes() -> APIRouter:
    """The routes, for the public socket."""
    routes = APIRouter(include_in_schema=False)
    files = StaticFiles(directory=_FOLDER)

    @routes.api_route("/", methods=["GET", "HEAD"])
    @routes.api_route("/page/{name}", methods=["GET", "HEAD"])
    async def file(request: Request, name: str = _PAGE) -> Response:
        """One file, or 304 where the browser has it."""
        answer = await files.get_response(name, request.scope)
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Content-Security-Policy"] = _CSP
        return answer

    return routes
