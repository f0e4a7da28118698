"""The text that a failure is told by. Pure; imports `errors`."""

from __future__ import annotations

from dataclasses import dataclass

from controller.errors import Reason, Stalled, Transient


@dataclass(frozen=True, slots=True)
class Text:
    """`message` and `hint` may name {url}, {user}, {host}, {keyscan}, {proxy}, {login} and
    {detail}."""

    error: type[Stalled | Transient]
    reason: Reason
    message: str
    hint: str
