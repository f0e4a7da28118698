"""A login as a GitHub App's installation: what its short-lived tokens are asked for with. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from controller.source.access.values import digest, unusable

DEFAULT_API = "https://api.github.com"


@dataclass(frozen=True, slots=True, repr=False)
class GitHubApp:
    """The App's id (or its client id), its private key in PEM, and where it is installed: the id of
    the installation, or the organization or user that has it (`owner`). `api` is the address of
    GitHub's API without a trailing slash, another one for GitHub Enterprise Server.

    Raises `Stalled` (AuthenticationFailed) when one of them cannot be what it must be.
    """

    app_id: str
    installation_id: str
    private_key: str
    api: str = DEFAULT_API
    owner: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9.]{1,64}", self.app_id):
            raise unusable("has no App id in `githubAppID`")
        if bool(self.installation_id) == bool(self.owner):
            raise unusable("must hold either githubAppInstallationID or githubAppInstallationOwner")
        if self.installation_id and not re.fullmatch(r"[0-9]{1,20}", self.installation_id):
            raise unusable("has no number in `githubAppInstallationID`")
        if self.owner and not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", self.owner):
            raise unusable("has no name of an organization in `githubAppInstallationOwner`")
        if "PRIVATE KEY-----" not in self.private_key:
            raise unusable("has no private key in `githubAppPrivateKey`")
        if not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s@?#]*)?", self.api):
            raise unusable("has no https:// address in `githubAppBaseURL`")

    def __repr__(self) -> str:
        return "GitHubApp(***)"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never turn up in a text: the lines of the key."""
        lines = (line.strip() for line in self.private_key.splitlines())
        return tuple(line for line in lines if line and "-----" not in line)

    @property
    def identity(self) -> str:
        """A hash that tells two logins apart and gives none away."""
        return digest(self.app_id, self.installation_id, self.private_key, self.api, self.owner)
