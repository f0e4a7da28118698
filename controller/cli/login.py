"""The options and variables by which commands open private repositories → an `Access` for each.

Secrets come from files and from the environment only: what is typed, every user of a machine sees.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer
from pydantic import SecretStr

from controller.cli.output import fail
from controller.config import GitSecrets
from controller.errors import PackError
from controller.source.access import OPEN, Access, access_from
from controller.source.urls import is_ssh, origin_of

_LARGEST = 1024 * 1024
_PANEL = "Private repositories"
_ONLY_SSH = {"--ssh-key", "--known-hosts"}
_BOTH = {"--proxy"}

Data = dict[str, bytes]


def _option(kind: str, text: str) -> Any:
    return typer.Option(metavar=kind, help=text, show_default=False, rich_help_panel=_PANEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What was typed of how repositories are opened; nothing of it is secret."""

    username: Annotated[
        str | None, _option("NAME", "Who logs in over https; git, if there is but a password.")
    ] = None
    password_file: Annotated[
        Path | None,
        _option("FILE", "Holds the password, or the token that stands for it."),
    ] = None
    token_file: Annotated[
        Path | None, _option("FILE", "Holds a bearer token, in place of name and password.")
    ] = None
    github_app_id: Annotated[
        str | None, _option("ID", "Log in as this GitHub App: its id, or its client id.")
    ] = None
    github_app_installation: Annotated[
        str | None,
        _option("ID|NAME", "Where it is installed: a number, an organization or a user."),
    ] = None
    github_app_key: Annotated[
        Path | None, _option("FILE", "The private key (PEM) that GitHub made for it.")
    ] = None
    github_api_url: Annotated[
        str | None, _option("URL", "The API of GitHub Enterprise Server: https://HOST/api/v3.")
    ] = None
    ssh_key: Annotated[Path | None, _option("FILE", "Private key for ssh.")] = None
    known_hosts: Annotated[
        Path | None, _option("FILE", "Keys of ssh servers; those of ~/.ssh/known_hosts without it.")
    ] = None
    ca_file: Annotated[
        Path | None, _option("FILE", "Authorities to trust over https, not the machine's.")
    ] = None
    client_cert: Annotated[Path | None, _option("FILE", "Certificate to show over https.")] = None
    client_key: Annotated[Path | None, _option("FILE", "Private key of that certificate.")] = None
    proxy: Annotated[
        str | None, _option("URL", "The way to the server: http, https, socks5 or socks5h.")
    ] = None

    @property
    def given(self) -> list[str]:
        """The options that were typed, as they are typed."""
        names = (one.name for one in fields(self) if getattr(self, one.name) is not None)
        return [f"--{name.replace('_', '-')}" for name in names]

    def open(self, urls: Iterable[str]) -> list[Access]:
        """How to open each of `urls`; ends the command where that is not clear."""
        wanted = list(urls)
        self._refuse_misplaced(wanted)
        secrets = GitSecrets() if wanted else None
        opened = [self._access(url, secrets) if secrets else OPEN for url in wanted]
        hosts = {origin_of(url) for url, one in zip(wanted, opened, strict=True) if one.login}
        if len(hosts) > 1:
            fail(ValueError(f"A login is for one host, and these are {len(hosts)}: name one."))
        return opened

    def _refuse_misplaced(self, urls: list[str]) -> None:
        kinds = {"ssh" if is_ssh(url) else "https" for url in urls}
        for option in self.given:
            kind = "ssh" if option in _ONLY_SSH else "https"
            if option not in _BOTH and kind not in kinds:
                fail(ValueError(f"{option} is for {kind} repositories: leave it out."))

    def _access(self, url: str, secrets: GitSecrets) -> Access:
        ssh = is_ssh(url)
        if not ssh and not url.lower().startswith(("https://", "http://")):
            return OPEN
        secret = self._ssh(secrets) if ssh else self._https(secrets)
        try:
            return access_from(secret or None, self._way(secrets), ssh=ssh)
        except PackError as error:
            fail(error)

    def _ssh(self, secrets: GitSecrets) -> Data:
        if self.ssh_key is None:
            return {}
        hosts = self.known_hosts or Path.home() / ".ssh" / "known_hosts"
        return {
            "identity": _read(self.ssh_key),
            "known_hosts": _read(hosts) if self.known_hosts or hosts.exists() else b"",
            "password": _value(secrets.ssh_passphrase),
        }

    def _https(self, secrets: GitSecrets) -> Data:
        """What was typed wins over the environment, as a whole."""
        app = self._app()
        named = self.username is not None or self.password_file is not None
        token = b"" if named or app else _value(secrets.token)
        password = b"" if self.token_file or app else _value(secrets.password)
        token = _secret(self.token_file) if self.token_file else token
        password = _secret(self.password_file) if self.password_file else password
        if self.username is not None and not password:
            fail(ValueError("--username needs --password-file, or PACKCTL_GIT_PASSWORD."))
        data = {"bearerToken": token} if token else {}
        if password:
            data |= {"username": (self.username or "git").encode(), "password": password}
        certificates = {
            "ca.crt": self.ca_file,
            "tls.crt": self.client_cert,
            "tls.key": self.client_key,
        }
        return data | app | {key: _read(file) for key, file in certificates.items() if file}

    def _app(self) -> Data:
        """The keys that a Secret with a GitHub App has; nothing without one."""
        words = (self.github_app_id, self.github_app_installation, self.github_api_url)
        if self.github_app_key is None and not any(words):
            return {}
        place = self.github_app_installation or ""
        kind = "ID" if place.isdigit() else "Owner"
        return {
            "githubAppID": (self.github_app_id or "").encode(),
            f"githubAppInstallation{kind}": place.encode(),
            "githubAppPrivateKey": _secret(self.github_app_key) if self.github_app_key else b"",
            "githubAppBaseURL": (self.github_api_url or "").encode(),
        }

    def _way(self, secrets: GitSecrets) -> Data | None:
        if self.proxy is None:
            return None
        return {
            "address": self.proxy.encode(),
            "username": secrets.proxy_username.encode(),
            "password": _value(secrets.proxy_password),
        }


def with_login(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the options of `Login`, which it gets together as its parameter `login`."""
    hints = get_type_hints(command, include_extras=True)
    mine = get_type_hints(Login, include_extras=True)
    own = [
        one.replace(annotation=hints[one.name])
        for one in inspect.signature(command).parameters.values()
        if one.name != "login"
    ]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in mine.items()
    ]

    @functools.wraps(command)
    def typed(**values: Any) -> None:
        login = Login(**{name: values.pop(name) for name in mine})
        command(**values, login=login)

    parameters = [*own, *options]
    typed.__annotations__ = {one.name: one.annotation for one in parameters}
    typed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return typed


def _value(secret: SecretStr | None) -> bytes:
    return secret.get_secret_value().encode() if secret else b""


def _secret(file: Path) -> bytes:
    content = _read(file)
    if not content.strip():
        fail(ValueError(f"{file} is empty, and should hold a secret."))
    return content


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        fail(OSError(f"{file} cannot be read ({error.strerror}). Name another file."))
    if len(content) > _LARGEST:
        fail(ValueError(f"{file} is larger than {_LARGEST:,} bytes. Name another file."))
    return content
