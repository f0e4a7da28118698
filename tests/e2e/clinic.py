"""`packctl doctor git NAME` on an API server without a controller, and servers to examine."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubernetes import client, config
from typer.testing import CliRunner

from controller.cli import app
from hack.authority import Authority, ServerTls
from hack.gitserver import GitServer
from hack.localcluster import ControlPlane
from hack.packrepo import PackRepo, pack
from hack.sshserver import SshServer, key_pair
from tests.e2e.pack import Pack

NAME = "acme/packs.git"
PATH = "packs/payments"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """What the command ended with, and the steps that it told of as JSON, by name."""

    code: int
    steps: Mapping[str, Json]
    text: str

    @property
    def failed(self) -> list[str]:
        """The steps that failed."""
        return [name for name, step in self.steps.items() if step["result"] == "failed"]


@dataclass(frozen=True, slots=True)
class Clinic:
    """A repository that is served over HTTP, HTTPS and ssh, with a pack in the folder `PATH`."""

    api: client.ApiClient
    kubeconfig: Path
    namespace: str
    repo: PackRepo
    http: GitServer
    https: GitServer
    ssh: SshServer
    authority: Authority
    folder: Path

    def secret(self, values: Mapping[str, str]) -> str:
        """A new Secret; its name."""
        name = f"secret-{secrets.token_hex(4)}"
        body = client.V1Secret(metadata=client.V1ObjectMeta(name=name), string_data=dict(values))
        client.CoreV1Api(self.api).create_namespaced_secret(self.namespace, body)
        return name

    def pack(self, git: Json, **spec: Any) -> Pack:
        """A new Pack."""
        made = Pack(self.api, self.namespace, f"pack-{secrets.token_hex(4)}")
        made.apply({"git": {"path": PATH, **git}, "timeout": "20s", **spec})
        return made

    def examine(self, pack: Pack, *typed: str, env: Mapping[str, str] | None = None) -> Report:
        """`packctl doctor git` for a Pack of the namespace, with what is typed after it."""
        where = ("-n", self.namespace, "--kubeconfig", str(self.kubeconfig))
        return examine(pack.name, *where, *typed, env=env)

    def key(self) -> str:
        """A new ssh key that may log in."""
        made = key_pair()
        self.ssh.allow(made.public)
        return made.private


@contextmanager
def clinic(control_plane: ControlPlane, folder: Path) -> Iterator[Clinic]:
    """A clinic with a namespace of its own."""
    namespace = f"doctor-{secrets.token_hex(4)}"
    root, authority = folder / "repositories", Authority()
    repo = PackRepo(root / NAME)
    repo.commit({f"{PATH}/{path}": text for path, text in pack("payments", workflows=3).items()})
    repo.tag("v1.2.0")
    with ExitStack() as stack:
        api = stack.enter_context(config.new_client_from_config(str(control_plane.kubeconfig)))
        client.CoreV1Api(api).create_namespace(
            client.V1Namespace(metadata=client.V1ObjectMeta(name=namespace))
        )
        yield Clinic(
            api,
            control_plane.kubeconfig,
            namespace,
            repo,
            stack.enter_context(GitServer(root)),
            stack.enter_context(GitServer(root, ServerTls(authority.issue()))),
            stack.enter_context(SshServer(root)),
            authority,
            folder,
        )


def examine(*typed: str, env: Mapping[str, str] | None = None) -> Report:
    """`packctl doctor git` with what is typed after it."""
    variables = {"PACKCTL_ALLOW_HTTP": "true", **(env or {})}
    done = CliRunner(env=variables).invoke(app, ["doctor", "git", *typed, "-o", "json"])
    told = json.loads(done.stdout) if done.exit_code in (0, 1) else {"steps": []}
    steps = {step["step"]: step for step in told["steps"]}
    return Report(done.exit_code, steps, done.output)
