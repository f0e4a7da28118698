"""A login over HTTP: a user name with a password, or a token. Pure."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from controller.source.access.values import digest, has_control, unusable


@dataclass(frozen=True, slots=True, repr=False)
class HttpLogin:
    """A user name with a password, or a bearer token; nothing of it is in its `repr`.

    Raises `Stalled` (AuthenticationFailed) when neither or both are given, or when a value could
    break out of its HTTP header.
    """

    username: str = ""
    password: str = ""
    bearer_token: str = ""

    def __post_init__(self) -> None:
        if bool(self.bearer_token) == bool(self.username or self.password):
            raise unusable("must hold either username and password, or bearerToken")
        if ":" in self.username:
            raise unusable("has a username with a colon, which HTTP does not allow")
        if has_control(self.username, self.password, self.bearer_token):
            raise unusable("has a line break or a control character in a value")
        if not self.bearer_token.isascii() or " " in self.bearer_token:
            raise unusable("has a bearerToken with a space or a character outside ASCII")

    def __repr__(self) -> str:
        return "HttpLogin(***)"

    @property
    def header(self) -> str:
        """The HTTP header that carries it (RFC 7617, RFC 6750)."""
        return f"Authorization: {self.authorization}"

    @property
    def authorization(self) -> str:
        """The value of that header."""
        return f"Bearer {self.bearer_token}" if self.bearer_token else f"Basic {self._basic()}"

    def _basic(self) -> str:
        return base64.b64encode(f"{self.username}:{self.password}".encode()).decode()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every form in which it could turn up in a text, for `redact.scrub`.

        The user name counts only when it stands alone, because then it is a token; otherwise it
        is a word like `git`, which is in every other message.
        """
        if self.bearer_token:
            return (self.bearer_token,)
        return (self.password or self.username, self._basic())

    @property
    def identity(self) -> str:
        """A hash that tells two logins apart and gives none away."""
        return digest(self.username, self.password, self.bearer_token)
