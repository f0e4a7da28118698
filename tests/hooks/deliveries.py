"""Deliveries as each host documents them, signed as it signs them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from controller.hooks import Delivery, Provider

TOKEN = "correct horse battery staple"
SIGNING_TOKEN = "whsec_" + base64.b64encode(bytes(range(32))).decode()
NOW = 1_790_000_000.0

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """A host: what it sends for a push to `main` of a repository, and its signature."""

    provider: Provider
    headers: Mapping[str, str]
    push: Json
    sign: Callable[[bytes, str, float], Mapping[str, str]]
    urls: tuple[str, ...]

    def delivery(
        self, body: Json | bytes | None = None, *, token: str = TOKEN, now: float = NOW, **more: str
    ) -> Delivery:
        """One delivery; `more` are headers, with `_` for `-`, that lie over the usual ones."""
        given = self.push if body is None else body
        data = given if isinstance(given, bytes) else json.dumps(given).encode()
        extra = {name.replace("_", "-"): value for name, value in more.items()}
        return Delivery({**self.headers, **self.sign(data, token, now), **extra}, data)


def hmac_hex(body: bytes, token: str, algorithm: str = "sha256") -> str:
    """What most hosts sign with."""
    return hmac.new(token.encode(), body, algorithm).hexdigest()


def _bare(header: str) -> Callable[[bytes, str, float], Mapping[str, str]]:
    return lambda body, token, _now: {header: hmac_hex(body, token)}


def _named(header: str) -> Callable[[bytes, str, float], Mapping[str, str]]:
    return lambda body, token, _now: {header: f"sha256={hmac_hex(body, token)}"}


def _itself(_body: bytes, token: str, _now: float) -> Mapping[str, str]:
    return {"x-gitlab-token": token}


def _standard(body: bytes, token: str, now: float) -> Mapping[str, str]:
    key = base64.b64decode(token.removeprefix("whsec_")) if token.startswith("whsec_") else b"?"
    time = f"{now:.0f}"
    signed = b"msg-1.%b.%b" % (time.encode(), body)
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-timestamp": time, "webhook-signature": f"v1,{signature}"}


def _basic(_body: bytes, token: str, _now: float) -> Mapping[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"hook:{token}".encode()).decode()}


def _bearer(_body: bytes, token: str, _now: float) -> Mapping[str, str]:
    return {"authorization": f"Bearer {token}"}


_GITHUB_LIKE: Json = {
    "ref": "refs/heads/main",
    "before": "0" * 40,
    "after": "1" * 40,
    "repository": {
        "full_name": "acme/packs",
        "html_url": "https://git.example.com/acme/packs",
        "clone_url": "https://git.example.com/acme/packs.git",
        "ssh_url": "git@git.example.com:acme/packs.git",
    },
}
_GITLAB: Json = {
    "object_kind": "push",
    "event_name": "push",
    "ref": "refs/heads/main",
    "project": {
        "web_url": "https://git.example.com/acme/packs",
        "git_http_url": "https://git.example.com/acme/packs.git",
        "git_ssh_url": "git@git.example.com:acme/packs.git",
    },
}
_OF_EXAMPLE = ("https://git.example.com/acme/packs.git", "git@git.example.com:acme/packs.git")


def _event(name: str, event: str, id_: str) -> Mapping[str, str]:
    return {f"x-{name}-event": event, f"x-{name}-delivery": id_}


_GITHUB_HEADERS = _event("github", "push", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
_GOGS_HEADERS = {**_event("gogs", "push", "f6266f16"), **_GITHUB_HEADERS}
_GITEA_HEADERS = {**_event("gitea", "push", "f6266f16"), **_GOGS_HEADERS}

SENDERS = {
    "GitHub": Sender(
        Provider.GITHUB,
        _GITHUB_HEADERS,
        _GITHUB_LIKE,
        _named("x-hub-signature-256"),
        _OF_EXAMPLE,
    ),
    "Gogs": Sender(
        Provider.GOGS, _GOGS_HEADERS, _GITHUB_LIKE, _bare("x-gogs-signature"), _OF_EXAMPLE
    ),
    "Gitea": Sender(
        Provider.GITEA, _GITEA_HEADERS, _GITHUB_LIKE, _bare("x-gitea-signature"), _OF_EXAMPLE
    ),
    "Forgejo": Sender(
        Provider.FORGEJO,
        {**_event("forgejo", "push", "f6266f16"), **_GITEA_HEADERS},
        _GITHUB_LIKE,
        _bare("x-forgejo-signature"),
        _OF_EXAMPLE,
    ),
    "GitLab": Sender(
        Provider.GITLAB,
        {"x-gitlab-event": "Push Hook", "x-gitlab-event-uuid": "13792a34"},
        _GITLAB,
        _itself,
        _OF_EXAMPLE,
    ),
    "GitLab, signed": Sender(
        Provider.GITLAB,
        {"x-gitlab-event": "Push Hook", "webhook-id": "msg-1"},
        _GITLAB,
        _standard,
        _OF_EXAMPLE,
    ),
    "Bitbucket Cloud": Sender(
        Provider.BITBUCKET_CLOUD,
        {"x-event-key": "repo:push", "x-hook-uuid": "{1}", "x-request-uuid": "{2}"},
        {
            "repository": {"links": {"html": {"href": "https://bitbucket.org/acme/packs"}}},
            "push": {"changes": [{"old": None, "new": {"type": "branch", "name": "main"}}]},
        },
        _named("x-hub-signature"),
        ("https://bitbucket.org/acme/packs.git", "git@bitbucket.org:acme/packs.git"),
    ),
    "Bitbucket Data Center": Sender(
        Provider.BITBUCKET,
        {"x-event-key": "repo:refs_changed", "x-request-id": "3"},
        {
            "eventKey": "repo:refs_changed",
            "repository": {
                "links": {
                    "clone": [
                        {"href": "https://git.example.com/scm/acme/packs.git", "name": "http"},
                        {"href": "ssh://git@git.example.com:7999/acme/packs.git", "name": "ssh"},
                    ]
                }
            },
            "changes": [{"ref": {"id": "refs/heads/main", "displayId": "main"}, "type": "UPDATE"}],
        },
        _named("x-hub-signature"),
        (
            "https://git.example.com/scm/acme/packs.git",
            "ssh://git@git.example.com:7999/acme/packs.git",
        ),
    ),
    "Azure DevOps": Sender(
        Provider.AZURE_DEVOPS,
        {"x-vss-activityid": "9d6a"},
        {
            "eventType": "git.push",
            "resource": {
                "refUpdates": [{"name": "refs/heads/main"}],
                "repository": {"remoteUrl": "https://acme@dev.azure.com/acme/Tools/_git/packs"},
            },
        },
        _basic,
        (
            "https://dev.azure.com/acme/Tools/_git/packs",
            "git@ssh.dev.azure.com:v3/acme/Tools/packs",
            "https://acme.visualstudio.com/DefaultCollection/Tools/_git/packs",
        ),
    ),
    "generic, HMAC": Sender(
        Provider.GENERIC,
        {"x-delivery": "7"},
        {"url": "https://git.example.com/acme/packs", "ref": "refs/heads/main"},
        _named("x-signature"),
        _OF_EXAMPLE,
    ),
    "generic, bearer": Sender(
        Provider.GENERIC,
        {"x-delivery": "8"},
        {"repository": {"url": "https://git.example.com/acme/packs"}, "refs": ["refs/heads/main"]},
        _bearer,
        _OF_EXAMPLE,
    ),
}


def token_of(name: str) -> str:
    """The secret that this sender is given."""
    return SIGNING_TOKEN if name == "GitLab, signed" else TOKEN


def form(body: Json) -> bytes:
    """The same as GitHub sends it when it is set to do so."""
    return urlencode({"payload": json.dumps(body)}).encode()
