"""One installation: a controller with a namespace, a database and a Git server of its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubernetes import client, config

from hack.gitserver import GitServer
from hack.localcluster import ControlPlane, Postgres
from hack.localcluster.guard import Guard
from hack.packrepo import PackRepo
from tests.e2e import rows
from tests.e2e.controller import Controller
from tests.e2e.pack import Pack
from tests.e2e.rows import Row

LONG = "1h"
"""An interval that never passes during a test: whatever happens was asked for."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the tests apply Packs; `database` is a URL."""

    control_plane: ControlPlane
    api: client.ApiClient
    namespace: str
    database: str
    git: GitServer
    repositories: Path
    controller: Controller

    def repo(self, name: str) -> PackRepo:
        """The repository that the Git server serves at `git.url(name)`, made when it is new."""
        return PackRepo(self.repositories / name)

    def pack(self, name: str) -> Pack:
        """A Pack of this namespace."""
        return Pack(self.api, self.namespace, name)

    def follow(
        self, name: str, *, repo: str = "", git: dict[str, Any] | None = None, **spec: Any
    ) -> Pack:
        """Apply a Pack that follows a repository (of the same name), looked at when asked only."""
        pack = self.pack(name)
        place = {"url": self.git.url(repo or name), **(git or {})}
        pack.apply({"git": place, "interval": LONG, **spec})
        return pack

    def secret(self, name: str, **values: str) -> None:
        """Create or replace a Secret."""
        core = client.CoreV1Api(self.api)
        body = client.V1Secret(metadata=client.V1ObjectMeta(name=name), string_data=values)
        try:
            core.replace_namespaced_secret(name, self.namespace, body)
        except client.ApiException:
            core.create_namespaced_secret(self.namespace, body)

    def definitions(self, pack_ref: str) -> dict[str, Row]:
        """The pack's workflow definitions in the database, by ref."""
        return rows.definitions(self.database, pack_ref)

    def actions(self, pack_ref: str) -> dict[str, Row]:
        """The pack's actions in the database, by ref."""
        return rows.actions(self.database, pack_ref)

    def everything(self, pack_ref: str) -> tuple[Row | None, dict[str, Row], dict[str, Row]]:
        """All rows of the pack, with their versions: equal only when none was touched."""
        return rows.everything(self.database, pack_ref)


@contextmanager
def installed(control_plane: ControlPlane, postgres: Postgres, **settings: str) -> Iterator[Site]:
    """A site, whose controller is not started yet; `settings` lie over the usual ones."""
    namespace = f"e2e-{secrets.token_hex(4)}"
    with ExitStack() as stack:
        guard = stack.enter_context(Guard())
        database = postgres.create_database()
        stack.callback(postgres.drop_database, database)
        stack.callback(postgres.start)
        repositories = guard.folder / "repositories"
        git = stack.enter_context(GitServer(repositories))
        api = stack.enter_context(config.new_client_from_config(str(control_plane.kubeconfig)))
        client.CoreV1Api(api).create_namespace(
            client.V1Namespace(metadata=client.V1ObjectMeta(name=namespace))
        )
        usual = {
            "database_url": database,
            "kubeconfig": str(control_plane.kubeconfig),
            "namespaces": namespace,
            "lease_namespace": namespace,
            "cache_dir": str(guard.folder / "cache"),
            "allow_http": "true",
            "log_format": "json",
        }
        controller = Controller(guard, usual | settings)
        yield Site(control_plane, api, namespace, database, git, repositories, controller)
