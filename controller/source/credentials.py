"""What opens a private repository over HTTP, and never shows itself. Pure; imports `errors`."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from controller.errors import Reason, Stalled

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A user name with a password, or a bearer token; nothing of it is in its `repr`.

    Raises `Stalled` (AuthenticationFailed) when neither or both are given, or when a value could
    break out of its HTTP header.
    """

    username: str = ""
    password: str = ""
    bearer_token: str = ""

    def __post_init__(self) -> None:
        if bool(self.bearer_token) == bool(self.username or self.password):
            raise _unusable("must hold either username and password, or bearerToken")
        if ":" in self.username:
            raise _unusable("has a username with a colon, which HTTP does not allow")
        if any(_CONTROL.search(value) for value in self._values()):
            raise _unusable("has a line break or a control character in a value")
        if not self.bearer_token.isascii() or " " in self.bearer_token:
            raise _unusable("has a bearerToken with a space or a character outside ASCII")

    def __repr__(self) -> str:
        return "Credentials(***)"

    def _values(self) -> tuple[str, str, str]:
        return self.username, self.password, self.bearer_token

    @property
    def header(self) -> str:
        """The HTTP header that carries them (RFC 7617, RFC 6750)."""
        return f"Authorization: {self._scheme()}"

    def _scheme(self) -> str:
        return f"Bearer {self.bearer_token}" if self.bearer_token else f"Basic {self._basic()}"

    def _basic(self) -> str:
        return base64.b64encode(f"{self.username}:{self.password}".encode()).decode()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every form in which they could turn up in a text, for `redact.scrub`.

        The user name counts only when it stands alone, because then it is a token; otherwise it
        is a word like `git`, which is in every other message.
        """
        if self.bearer_token:
            return (self.bearer_token,)
        return (self.password or self.username, self._basic())

    @property
    def identity(self) -> str:
        """A hash that tells two credentials apart and gives none away."""
        return hashlib.sha256("\0".join(self._values()).encode()).hexdigest()


def _unusable(problem: str) -> Stalled:
    return Stalled(
        Reason.AUTHENTICATION_FAILED,
        f"The Secret for the repository {problem}.",
        hint="Correct the Secret named in spec.git.secretRef.",
    )
