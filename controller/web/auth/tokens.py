"""Callers that a file knows: for machines, and where there is no cluster.

May import `errors` and `pack`.

The file is TOML, one `[[token]]` for each, with the SHA-256 of the token and never the token:

    [[token]]
    name = "ci"
    sha256 = "…64 hex digits…"
    namespaces = ["team-a"]         # Packs of these; "*" for all
    packs = ["core"]                # and these packs by ref; "*" for all there are
    write = true                    # else it may only read
    expires = 2027-01-31T00:00:00Z  # else never

`[[user]]` and `[[group]]` say the same of those whom an issuer names, without hash and end.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from controller.errors import InvalidSpec, Reason, Transient
from controller.pack.user import User
from controller.web.auth.caller import Caller, Target, Verb

_ALL = "*"
_TOLERANCE = timedelta(seconds=60)


class Scope(BaseModel):
    """What somebody may do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=200)
    namespaces: frozenset[str] = frozenset()
    packs: frozenset[str] = frozenset()
    write: bool = False

    def allows(self, verb: Verb, target: Target) -> bool:
        """Whether who it is for may do it."""
        return (verb is Verb.GET or self.write) and self.shows(target)

    def shows(self, target: Target) -> bool:
        """Whether who it is for may see it."""
        is_named = bool(target.ref) and target.ref in self.packs
        is_near = bool(target.namespace) and not self.namespaces.isdisjoint(
            (target.namespace, _ALL)
        )
        return is_named or is_near or _ALL in self.packs


class Grant(Scope):
    """One token of the file."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    expires: AwareDatetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether its time has passed; clocks may be a minute apart."""
        return self.expires is not None and now > self.expires + _TOLERANCE


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    token: tuple[Grant, ...] = ()
    user: tuple[Scope, ...] = ()
    group: tuple[Scope, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """What a file said when it looked like this."""

    stamp: tuple[int, int, int]
    file: _File


class TokenFile:
    """The tokens of a file, which is read again when it has changed; safe for many threads."""

    def __init__(self, path: Path) -> None:
        """Raises `InvalidSpec` for a file that cannot be understood, or is not there."""
        self._path = path
        self._lock = threading.Lock()
        self._read = self._load()

    def find(self, token: str) -> Caller | None:
        """Whose the token is. Every token is compared, in constant time. Raises `PackError` where
        the file is broken by now: a token that was taken out of it must not count."""
        digest = hashlib.sha256(token.encode()).hexdigest()
        found = [one for one in self._current().token if hmac.compare_digest(one.sha256, digest)]
        now = datetime.now(UTC)
        return next((Caller(one.name, one) for one in found if not one.is_over(now)), None)

    def scopes(self, user: User) -> tuple[Scope, ...]:
        """What the file lets a user do, by their name and their groups. Raises `PackError`."""
        file = self._current()
        mine = (one for one in file.user if one.name == user.name)
        ours = (one for one in file.group if one.name in user.groups)
        return (*mine, *ours)

    def _current(self) -> _File:
        with self._lock:
            try:
                if self._stamp() != self._read.stamp:
                    self._read = self._load()
            except (InvalidSpec, OSError) as error:
                raise Transient(
                    Reason.INTERNAL_ERROR,
                    "The controller's file of tokens cannot be read.",
                    hint="Its operator finds the cause in the log.",
                ) from error
            return self._read.file

    def _stamp(self) -> tuple[int, int, int]:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _load(self) -> _Read:
        try:
            stamp = self._stamp()
            with self._path.open("rb") as file:
                return _Read(stamp, _File.model_validate(tomllib.load(file)))
        except OSError as error:
            raise self._broken(f"it cannot be read ({error.strerror})") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise self._broken(f"it is no TOML: {error}") from error
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise self._broken(f"{place}: {first['msg']}") from None

    def _broken(self, why: str) -> InvalidSpec:
        return InvalidSpec(
            Reason.INVALID_SPEC,
            f"The file of API tokens {str(self._path)!r} does not work: {why}.",
            hint="docs/api.md shows one.",
        )
