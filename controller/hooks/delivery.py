"""One delivery, and who sent it. Imports nothing of ours."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Provider(StrEnum):
    """The hosts whose deliveries are understood."""

    FORGEJO = "Forgejo"
    GITEA = "Gitea"
    GOGS = "Gogs"
    GITHUB = "GitHub"
    GITLAB = "GitLab"
    BITBUCKET_CLOUD = "Bitbucket Cloud"
    BITBUCKET = "Bitbucket Data Center"
    AZURE_DEVOPS = "Azure DevOps"
    GENERIC = "generic"


# In this order, because Forgejo sends Gitea's, Gogs' and GitHub's headers too, and so on down.
_MARKS = (
    ("x-forgejo-event", Provider.FORGEJO),
    ("x-gitea-event", Provider.GITEA),
    ("x-gogs-event", Provider.GOGS),
    ("x-github-event", Provider.GITHUB),
    ("x-gitlab-event", Provider.GITLAB),
    ("x-hook-uuid", Provider.BITBUCKET_CLOUD),
    ("x-event-key", Provider.BITBUCKET),
    ("x-vss-activityid", Provider.AZURE_DEVOPS),
)
_EVENTS = {
    Provider.FORGEJO: "x-forgejo-event",
    Provider.GITEA: "x-gitea-event",
    Provider.GOGS: "x-gogs-event",
    Provider.GITHUB: "x-github-event",
    Provider.GITLAB: "x-gitlab-event",
    Provider.BITBUCKET_CLOUD: "x-event-key",
    Provider.BITBUCKET: "x-event-key",
}
_IDS = {
    Provider.FORGEJO: ("x-forgejo-delivery",),
    Provider.GITEA: ("x-gitea-delivery",),
    Provider.GOGS: ("x-gogs-delivery",),
    Provider.GITHUB: ("x-github-delivery",),
    Provider.GITLAB: ("webhook-id", "idempotency-key", "x-gitlab-event-uuid"),
    Provider.BITBUCKET_CLOUD: ("x-request-uuid",),
    Provider.BITBUCKET: ("x-request-id",),
    Provider.AZURE_DEVOPS: ("x-vss-activityid",),
    Provider.GENERIC: ("x-delivery", "x-request-id"),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request: its headers by lower-case name, and its body as it came."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def provider(self) -> Provider:
        """Who sent it, by the headers that each host alone sends."""
        return next((who for mark, who in _MARKS if mark in self.headers), Provider.GENERIC)

    @property
    def event(self) -> str:
        """What it tells of, in lower case; empty where the body says so."""
        return self.headers.get(_EVENTS.get(self.provider, ""), "").casefold()

    @property
    def id(self) -> str:
        """What tells it from all others; one that is sent again has the same. Empty: it has none.

        The body is part of it: most hosts sign only that, so a sender without the secret could
        else take the id of a delivery that is yet to come.
        """
        names = _IDS[self.provider]
        given = next((self.headers[name] for name in names if name in self.headers), "")
        if not given:
            return ""
        digest = hashlib.sha256(self.body).hexdigest()
        return f"{self.provider.value} {given[:200]} {digest}"
