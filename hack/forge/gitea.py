"""Gitea on the loopback interface: https with an own authority, ssh, PostgreSQL beneath.

It is built from its Go module, which takes minutes the first time. Imports the local cluster's
toolchain, cache, guard and database, and the standard library.
"""

from __future__ import annotations

import configparser
import getpass
import hashlib
import io
import json
import os
import ssl
import subprocess
import time
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from hack.authority import Authority
from hack.gitserver import Basic
from hack.localcluster import Postgres, cache
from hack.localcluster.guard import Guard
from hack.localcluster.progress import run
from hack.localcluster.toolchain import go
from hack.ports import free_port

USER: Final = Basic("acme", "acme-password-1")
"""Who owns all repositories."""

_MODULE: Final = Path(__file__).with_name("go")
_PACKAGE: Final = "code.gitea.io/gitea"
_FLAGS: Final = ("-trimpath", "-ldflags", "-s -w")
_HINT: Final = "Check the network and GOPROXY; the build needs about 3 GB of disk and of memory."
_PATIENCE: Final = 120.0  # seconds
_GO: Final = {
    "CGO_ENABLED": "0",
    "GOTOOLCHAIN": "local",
    "GOFLAGS": "-mod=readonly -buildvcs=false",
}


def build() -> Path:
    """The program, from the cache or else from its source. Raises `progress.BuildError`."""
    sources = b"".join((_MODULE / name).read_bytes() for name in ("go.mod", "go.sum"))
    finished = cache.root() / "bin" / f"gitea-{hashlib.sha256(sources).hexdigest()[:16]}"
    if finished.exists():
        return finished
    finished.parent.mkdir(parents=True, exist_ok=True)
    unfinished = finished.with_name(f".{finished.name}.{os.getpid()}")
    command: list[str | Path] = [go(), "build", "-C", _MODULE, *_FLAGS, "-o", unfinished, _PACKAGE]
    run("Building Gitea", command, hint=_HINT, environment={**os.environ, **_GO})
    return unfinished.rename(finished)


class Gitea:
    """A context: a forge in `postgres` with one user and no repository, run from `program`."""

    def __init__(self, program: Path, postgres: Postgres) -> None:
        self._program = program
        self._database = urlsplit(postgres.create_database())
        self._port, self._ssh_port = free_port(), free_port()
        self.authority = Authority()

    def __enter__(self) -> Self:
        self._guard = Guard().__enter__()
        try:
            self._start()
        except BaseException:
            self._guard.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._guard.__exit__()

    def url(self, name: str, user: str = "") -> str:
        """The address of a repository over https, as `user` (`name:password`) if there is one."""
        login = f"{user}@" if user else ""
        return f"https://{login}127.0.0.1:{self._port}/{USER.username}/{name}.git"

    def ssh_url(self, name: str) -> str:
        """The address of a repository over ssh."""
        return f"ssh://git@127.0.0.1:{self._ssh_port}/{USER.username}/{name}.git"

    @property
    def known_hosts(self) -> str:
        """What ssh-keyscan prints of it."""
        scan = ("ssh-keyscan", "-p", str(self._ssh_port), "127.0.0.1")
        return subprocess.run(scan, capture_output=True, text=True, check=True).stdout

    def api(self, method: str, path: str, **fields: Any) -> Any:
        """Ask its API as its user."""
        trust = ssl.create_default_context(cadata=self.authority.certificate)
        asking = HTTPSConnection("127.0.0.1", self._port, context=trust)
        headers = {"Authorization": USER.header, "Content-Type": "application/json"}
        with closing(asking):
            asking.request(method, f"/api/v1/{path}", json.dumps(fields), headers)
            answer = asking.getresponse()
            body = answer.read()
        assert answer.status < 300, f"{method} {path}: {answer.status} {body!r}"
        return json.loads(body or b"null")

    def wait_for(self, path: str) -> None:
        """Wait until its API has something at `path`: what was pushed is there a little later."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self.api("GET", path)
            except (OSError, AssertionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def push(self, repository: Path, name: str, *refspecs: str) -> None:
        """Push from a repository on this machine to the one of that `name`."""
        place = self.url(name, f"{USER.username}:{USER.password}")
        command = ("git", "-C", str(repository), "push", "--quiet", place, *refspecs)
        trust = {"GIT_SSL_CAINFO": str(self._guard.folder / "ca.crt")}
        subprocess.run(command, env={**os.environ, **trust}, capture_output=True, check=True)

    def _start(self) -> None:
        folder = self._guard.folder
        identity = self.authority.issue()
        (folder / "ca.crt").write_text(self.authority.certificate)
        (folder / "tls.crt").write_text(identity.certificate)
        (folder / "tls.key").write_text(identity.key)
        (folder / "app.ini").write_text(self._settings())
        self._run("migrate")
        login = ("--username", USER.username, "--password", USER.password)
        more = ("--email", "acme@example.com", "--must-change-password=false")
        self._run("admin", "user", "create", *login, *more)
        with (folder / "gitea.log").open("wb") as log:
            self._guard.spawn(self._command("web"), log, environment=self._environment())
        self.wait_for("version")

    def _command(self, *arguments: str) -> list[str]:
        return [str(self._program), *arguments, "--config", str(self._guard.folder / "app.ini")]

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            self._command(*arguments),
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "HOME": str(self._guard.folder)}

    def _settings(self) -> str:
        """app.ini, in which Gitea is told all that it would else ask for or look up."""
        folder, database = self._guard.folder, self._database
        address = {"PROTOCOL": "https", "HTTP_ADDR": "127.0.0.1", "HTTP_PORT": self._port}
        tls = {"CERT_FILE": folder / "tls.crt", "KEY_FILE": folder / "tls.key"}
        ssh = {
            "START_SSH_SERVER": True,
            "BUILTIN_SSH_SERVER_USER": "git",
            "SSH_LISTEN_HOST": "127.0.0.1",
            "SSH_LISTEN_PORT": self._ssh_port,
        }
        sections: dict[str, dict[str, object]] = {
            "server": {**address, **tls, **ssh, "STATIC_ROOT_PATH": _source()},
            "database": {
                "DB_TYPE": "postgres",
                "HOST": f"{database.hostname}:{database.port}",
                "NAME": database.path.strip("/"),
                "USER": database.username,
                "PASSWD": database.password or "",
            },
            "repository": {"ROOT": folder / "repositories"},
            "security": {"INSTALL_LOCK": True, "SECRET_KEY": "of no use"},
            "log": {"LEVEL": "Warn"},
            "actions": {"ENABLED": False},
            "packages": {"ENABLED": False},
        }
        made = configparser.RawConfigParser()
        made.optionxform = str  # type: ignore[assignment,method-assign]
        made.read_dict({name: {k: str(v) for k, v in of.items()} for name, of in sections.items()})
        text = io.StringIO()
        made.write(text)
        top = f"RUN_USER = {getpass.getuser()}\nWORK_PATH = {folder / 'work'}\nRUN_MODE = prod\n"
        # A throw-away server on the loopback interface may run as root, as in a container of CI.
        return f"{top}I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true\n{text.getvalue()}"


def _source() -> str:
    """Where its module is: Gitea reads templates and the like from there."""
    command: list[str | Path] = [go(), "list", "-C", _MODULE, "-m", "-f", "{{.Dir}}", _PACKAGE]
    environment = {**os.environ, **_GO}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return str(done.stdout).strip()
