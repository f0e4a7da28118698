"""Which host is spoken to how. Imports this package and the App's tokens of `source`."""

from __future__ import annotations

import time

from controller.errors import PackError, Transient, Waiting
from controller.notify.addresses import Api
from controller.notify.calls import TIMEOUT, Caller, Network
from controller.notify.hosts import bitbucket, gitea, github, gitlab
from controller.notify.hosts.entry import Entry
from controller.notify.opening import Opening
from controller.notify.undelivered import Undelivered
from controller.pack.spec import Provider
from controller.source.access import GitHubApp, HttpLogin
from controller.source.commands import OverdueError
from controller.source.github import Issued, Tokens, exchange
from controller.source.remote import Remote

_CHECKS = {"checks": "write"}
_tokens = Tokens()


def show(entry: Entry, opened: Opening, network: Network) -> None:
    """Have the host show `entry`; raises `Undelivered`."""
    provider = entry.api.provider
    if opened.app is not None:
        if provider is not Provider.GITHUB:
            raise Undelivered("A GitHub App opens nothing but GitHub.", passes=False)
        token = _token(entry.api, opened, opened.app, network)
        github.check(_caller(entry.api, opened, network, f"Bearer {token}"), entry)
        return
    caller = _caller(entry.api, opened, network, _authorization(provider, opened))
    _HOSTS[provider](caller, entry)


_HOSTS = {
    Provider.GITHUB: github.status,
    Provider.GITLAB: gitlab.status,
    Provider.GITEA: gitea.status,
    Provider.BITBUCKET_CLOUD: bitbucket.cloud,
    Provider.BITBUCKET_DATA_CENTER: bitbucket.data_center,
}


def _caller(api: Api, opened: Opening, network: Network, authorization: str) -> Caller:
    headers = {"Accept": "application/json", "Authorization": authorization}
    return Caller(network, api.base, opened.access, headers)


def _authorization(provider: Provider, opened: Opening) -> str:
    """The header that each host documents for its tokens."""
    if opened.basic is not None:
        return opened.basic.authorization
    if not opened.token:
        raise Undelivered(
            "The Secret has no token, no username and password, and no githubAppID.", passes=False
        )
    scheme = "token" if provider is Provider.GITEA else "Bearer"
    return f"{scheme} {opened.token}"


def _token(api: Api, opened: Opening, app: GitHubApp, network: Network) -> str:
    remote = Remote(network.parse(api.base)[0], opened.access, 0, network.policy)
    deadline = time.monotonic() + TIMEOUT

    def ask() -> Issued:
        return exchange(remote, app, deadline, _CHECKS)

    try:
        login: HttpLogin = _tokens.login(f"checks {app.identity}", ask, deadline)
    except OverdueError:
        raise Undelivered("GitHub gave the App no token in time.", passes=True) from None
    except PackError as error:
        passes = isinstance(error, Transient | Waiting)
        wait = error.retry_after if isinstance(error, Transient | Waiting) else None
        raise Undelivered(
            f"The GitHub App gets no token that may write checks: {error}",
            passes=passes,
            retry_after=wait,
        ) from None
    return login.password
