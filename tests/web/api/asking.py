"""A client of the API, and the tokens that it has."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import urllib3


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def data(self) -> Any:
        """What was asked for."""
        assert self.status < 300, (self.status, self.body)
        return self.body["data"]


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody with a token."""

    place: str
    token: str = ""

    def get(self, path: str) -> Reply:
        """Ask."""
        return self.send("GET", path)

    def post(self, path: str, body: Any = None) -> Reply:
        """Have something done."""
        return self.send("POST", path, body)

    def text(self, path: str) -> str:
        """A page, from the root."""
        answer = urllib3.request("GET", f"http://{self.place}{path}", timeout=60)
        assert answer.status == 200, path
        return answer.data.decode()

    def events(self) -> Iterator[tuple[str, Any]]:
        """What the stream tells, as it comes."""
        answer = urllib3.request(
            "GET",
            f"http://{self.place}/api/v1/events",
            headers={"Authorization": f"Bearer {self.token}"},
            preload_content=False,
            timeout=30,
        )
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        kind = ""
        for line in io.TextIOWrapper(cast("Any", answer), encoding="utf-8"):
            name, _, value = line.rstrip("\n").partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                yield kind, json.loads(value)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """One request below /api/v1."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = urllib3.request(
            method,
            f"http://{self.place}/api/v1{path}",
            body=None if body is None else json.dumps(body),
            headers={**sent, "Content-Type": "application/json", **headers},
            retries=False,
            timeout=60,
        )
        given = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, json.loads(answer.data) if answer.data else None, given)


def token_file(path: Path, *tokens: str) -> Path:
    """A file of tokens, each as `name key=value …`; the token is the name twice."""
    path.write_text("\n".join(map(_entry, tokens)))
    return path


def _entry(token: str) -> str:
    name, *rest = token.split()
    digest = hashlib.sha256(f"{name}{name}".encode()).hexdigest()
    return "\n".join(["[[token]]", f'name = "{name}"', f'sha256 = "{digest}"', *rest])
