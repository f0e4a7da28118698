"""What comes of one step. Pure; imports nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Fact = str | int | float | bool | None | list[str]


class Step(StrEnum):
    """The steps, in their order, by the names that users see."""

    URL = "url"
    SECRET = "secret"  # noqa: S105 - a name
    NETWORK = "network"
    DNS = "dns"
    CONNECT = "connect"
    PROXY = "proxy"
    TLS = "tls"
    ANSWER = "answer"
    LOGIN = "login"
    REFERENCE = "reference"
    FETCH = "fetch"
    PATH = "path"
    SIGNATURE = "signature"
    STATUS = "status"


class Result(StrEnum):
    """How a step ended; SKIPPED: there was nothing to do, or an earlier step failed."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Noted:
    """What a step that works tells: to people, and as facts to programs."""

    detail: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why there is nothing to do in a step."""

    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A step that was done, or not. `seconds` is how long it took, None when nothing was done.

    `reason` and `hint` are there when it failed: which condition a Pack would have, and what to do.
    """

    step: Step
    result: Result
    detail: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    reason: str = ""
    hint: str = ""
    seconds: float | None = None
