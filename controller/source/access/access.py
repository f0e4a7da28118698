"""How to log in, whom to trust and which way to go, in one value. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from controller.source.access.github_app import GitHubApp
from controller.source.access.http_login import HttpLogin
from controller.source.access.proxy import Proxy
from controller.source.access.ssh_key import SshKey
from controller.source.access.tls import Tls
from controller.source.access.values import digest

Login = HttpLogin | SshKey | GitHubApp


@dataclass(frozen=True, slots=True)
class Access:
    """What opens a repository; each part may be missing."""

    login: Login | None = None
    tls: Tls | None = None
    proxy: Proxy | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every form in which a secret of it could turn up in a text, for `redact.scrub`."""
        parts = (self.login, self.tls, self.proxy)
        return tuple(one for part in parts if part for one in part.secrets if one)

    @property
    def identity(self) -> str:
        """A hash that tells two of them apart and gives none away: who has the same one has the
        same rights at a server."""
        parts = (self.login, self.tls, self.proxy)
        return digest(*(f"{type(part).__name__}:{part.identity}" if part else "" for part in parts))


OPEN = Access()
"""No login, the machine's authorities, the straight way."""
