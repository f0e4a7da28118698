"""Where the API of a repository's host is. Pure; imports `pack` and the URLs of `source`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

from controller.notify.undelivered import Undelivered
from controller.pack.spec import Provider
from controller.source.urls import RemoteUrl, Scheme

_KNOWN = {
    "github.com": Provider.GITHUB,
    "ssh.github.com": Provider.GITHUB,
    "gitlab.com": Provider.GITLAB,
    "altssh.gitlab.com": Provider.GITLAB,
    "bitbucket.org": Provider.BITBUCKET_CLOUD,
    "altssh.bitbucket.org": Provider.BITBUCKET_CLOUD,
    "codeberg.org": Provider.GITEA,
}
_PUBLIC = {
    Provider.GITHUB: "https://api.github.com",
    Provider.GITLAB: "https://gitlab.com/api/v4",
    Provider.BITBUCKET_CLOUD: "https://api.bitbucket.org/2.0",
    Provider.GITEA: "https://codeberg.org/api/v1",
}
_OWN = {
    Provider.GITHUB: "/api/v3",
    Provider.GITLAB: "/api/v4",
    Provider.GITEA: "/api/v1",
    Provider.BITBUCKET_CLOUD: "/2.0",
    Provider.BITBUCKET_DATA_CENTER: "",
}


@dataclass(frozen=True, slots=True)
class Api:
    """`base` has no slash at its end; `path` is the repository's, below the host, each part
    quoted."""

    provider: Provider
    base: str
    path: str
    web: str

    @property
    def parts(self) -> tuple[str, str]:
        """Owner and name: of hosts that have no more than these."""
        owner, slash, name = self.path.partition("/")
        if not slash or "/" in name:
            raise Undelivered(
                f"{unquote(self.path)!r} is no owner and name of a repository.", passes=False
            )
        return owner, name


def api_of(provider: Provider | None, repository: RemoteUrl, address: str = "") -> Api:
    """The API that takes the statuses of `repository`; `address` where it is not where it usually
    is. Raises `Undelivered`."""
    host = repository.host.removesuffix(".")
    known = _KNOWN.get(host)
    wanted = provider or known
    if repository.scheme is Scheme.FILE:
        raise Undelivered("A repository of a folder has no host to show a status.", passes=False)
    if wanted is None:
        raise Undelivered(
            f"Nobody knows whose API {host} has: set spec.notify.commitStatus.provider.",
            passes=False,
        )
    origin = repository.origin if repository.scheme is not Scheme.SSH else f"https://{host}"
    public = _PUBLIC.get(wanted, "") if wanted is known else ""
    base = address.rstrip("/") or public or origin + _OWN[wanted]
    path = _path(repository, wanted)
    return Api(wanted, base, path, f"{origin}/{path}")


def _path(repository: RemoteUrl, provider: Provider) -> str:
    parts = [unquote(part) for part in repository.path.split("/") if part]
    if provider is Provider.BITBUCKET_DATA_CENTER and parts[:1] == ["scm"]:
        parts = parts[1:]
    if parts:
        parts[-1] = parts[-1].removesuffix(".git")
    return "/".join(quote(part, safe="~") for part in parts)
