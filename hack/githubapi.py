"""As much of GitHub's API as an App needs to get tokens, on the loopback interface.

It checks what the App says of itself as GitHub does (signature, issuer, times), and can have a
clock of its own, fail, or refuse. Imports PyJWT, cryptography and `authority`.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, Self

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hack.authority import ServerTls

APP, CLIENT, OWNER = "424242", "Iv23liAbCdEf", "acme"

_LONGEST_ASSERTION = 600


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; a body that is a mapping is sent as JSON."""

    status: int
    body: Mapping[str, Any] | bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@cache
def app_key() -> RSAPrivateKey:
    """The App's private key: one for the process, because making one takes a while."""
    return generate_private_key(65537, 2048)


def pem(key: RSAPrivateKey) -> str:
    """A key in the form that GitHub gives it out in."""
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ).decode()


class GitHubApi:
    """A context: the API at `url`, with one App that is installed once, and may ask for tokens with
    `permissions`.

    `on_issue` is called with each token before it is sent. `reply`, when set, is the answer to
    everything, and `beside` answers what is asked of repositories; `life` is how many seconds a
    token lives, `ahead` how far the clock is off.
    """

    def __init__(
        self,
        on_issue: Callable[[str], None] = lambda _: None,
        tls: ServerTls | None = None,
        permissions: Mapping[str, str] = MappingProxyType({"contents": "read"}),
    ) -> None:
        # Each has its own, so that tokens kept in this process are never those of an earlier one.
        self.installation = str(10**7 + secrets.randbelow(10**9))
        self.asked: list[Asked] = []
        self.tokens: list[str] = []
        self.reply: Reply | None = None
        self.life = 3600.0
        self.ahead = 0.0
        self.held = threading.Event()
        self.held.set()
        self.beside: Callable[[Asked], Reply] | None = None
        self._on_issue = on_issue
        self._permissions = dict(permissions)
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                _send(self, api.answer(Asked(self.command, self.path, headers, body)))

            do_POST = do_PATCH = do_GET  # noqa: N815 - named by http.server

            def date_time_string(self, timestamp: float | None = None) -> str:
                return formatdate(timestamp or api.now, usegmt=True)

            def log_message(self, *_: object) -> None:
                """Say nothing; `asked` tells what was asked."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            self._http.socket = tls.context().wrap_socket(self._http.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._http.server_port}/api/v3"

    def __enter__(self) -> Self:
        serve = {"poll_interval": 0.02}
        threading.Thread(target=self._http.serve_forever, kwargs=serve, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.held.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def now(self) -> float:
        """The time of the server's clock, in seconds since the epoch."""
        return time.time() + self.ahead

    @property
    def secret(self) -> dict[str, str]:
        """A Secret that opens what the App is installed on."""
        return {
            "githubAppID": APP,
            "githubAppInstallationID": self.installation,
            "githubAppPrivateKey": pem(app_key()),
            "githubAppBaseURL": self.url,
        }

    def answer(self, asked: Asked) -> Reply:
        """What the server says to a request; waits while `held` is cleared."""
        self.asked.append(asked)
        self.held.wait()
        if self.reply:
            return self.reply
        if self.beside and "/repos/" in asked.path:
            return self.beside(asked)
        problem = self._problem(asked.headers.get("authorization", ""))
        if problem:
            return Reply(HTTPStatus.UNAUTHORIZED, {"message": problem})
        match asked.method, asked.path.removeprefix("/api/v3"):
            case "GET", path if path == f"/users/{OWNER}/installation":
                return Reply(HTTPStatus.OK, {"id": int(self.installation)})
            case "POST", path if path == f"/app/installations/{self.installation}/access_tokens":
                return self._issue(json.loads(asked.body))
        return Reply(HTTPStatus.NOT_FOUND, {"message": "Not Found"})

    def _problem(self, authorization: str) -> str:
        """What is wrong with the App's assertion, in GitHub's words or like them."""
        scheme, _, assertion = authorization.partition(" ")
        if scheme != "Bearer":
            return "A JSON web token could not be decoded"
        try:
            said = jwt.decode(
                assertion,
                app_key().public_key(),
                algorithms=["RS256"],
                options={"verify_exp": False, "verify_iat": False, "require": ["iat", "exp"]},
            )
        except jwt.PyJWTError:
            return "A JSON web token could not be decoded"
        if said.get("iss") not in {APP, CLIENT}:
            return "'Issuer' claim ('iss') must be an Integer"
        if said["iat"] > self.now:
            return "'Issued at' claim ('iat') must be an Integer representing the past"
        if not self.now < said["exp"] <= self.now + _LONGEST_ASSERTION:
            return "'Expiration time' claim ('exp') is too far in the future"
        return ""

    def _issue(self, wanted: Mapping[str, Any]) -> Reply:
        if wanted != {"permissions": self._permissions}:
            return Reply(HTTPStatus.UNPROCESSABLE_ENTITY, {"message": "The permissions requested"})
        token = f"ghs_{secrets.token_hex(18)}"
        self.tokens.append(token)
        self._on_issue(token)
        expires = datetime.fromtimestamp(self.now + self.life, UTC)
        given = {"token": token, "expires_at": f"{expires:%Y-%m-%dT%H:%M:%SZ}", **wanted}
        return Reply(HTTPStatus.CREATED, given)


def _send(request: BaseHTTPRequestHandler, reply: Reply) -> None:
    body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    request.send_response(reply.status)
    for name, value in {"Content-Type": "application/json", **reply.headers}.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
