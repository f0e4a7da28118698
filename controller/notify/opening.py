"""The keys of a Secret → what opens a host or a receiver. Pure; imports the access of `source`.

The keys are those of the Secrets of Flux's Providers (`token`, `address`) and of its repositories.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from controller.errors import Stalled
from controller.notify.undelivered import Undelivered
from controller.source.access import Access, GitHubApp, HttpLogin, access_from
from controller.source.access.secret import text

Data = Mapping[str, bytes]


@dataclass(frozen=True, slots=True, repr=False)
class Opening:
    """`access` has no login, which goes where each host wants it: it is a token, a name with a
    password, an App, or none at all."""

    access: Access
    address: str = ""
    token: str = ""
    basic: HttpLogin | None = None
    app: GitHubApp | None = None


_NAMES = frozenset(
    {"bearerToken", "username", "password", "githubAppID", "githubAppClientID"}
    | {"ca.crt", "tls.crt", "tls.key"}
)


def opening(data: Data, proxy: Data | None) -> Opening:
    """What a Secret opens; `proxy` is the Secret of spec.git.proxySecretRef. Raises
    `Undelivered`."""
    token = text(data, "token").strip()
    kept = dict(data) | ({"bearerToken": token.encode()} if token else {})
    try:
        access = access_from(kept if _NAMES & kept.keys() else None, proxy, ssh=False)
    except Stalled as error:
        problem = error.message.removeprefix("The Secret for the repository ")
        raise Undelivered(f"The Secret {problem}", passes=False) from None
    login = access.login
    basic = login if isinstance(login, HttpLogin) and not login.bearer_token else None
    return Opening(
        replace(access, login=None),
        text(data, "address").strip(),
        login.bearer_token if isinstance(login, HttpLogin) else "",
        basic,
        login if isinstance(login, GitHubApp) else None,
    )
