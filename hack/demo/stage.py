"""What the demo plays on: a cluster, a database, a Git server and the controller, all real.

Imports the local cluster, the Git server and the builder of packs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hack.gitserver import GitServer
from hack.localcluster import ControlPlane, Postgres
from hack.localcluster.binaries import Program, ensure
from hack.localcluster.guard import Guard
from hack.packrepo import PackRepo
from hack.ports import free_port

NAMESPACE = "attune-demo"
REPOSITORY = "tour.git"
TOUR = Path("examples/packs/tour")

_VISITOR = "visitor"
_PATIENCE = 60.0
_POLL = 0.1

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything is running; `kubectl` is the command as a user would type it, `page` the host and
    port of the controller's page."""

    kubectl: Path
    environment: dict[str, str]
    database: str
    repository: PackRepo
    url: str
    page: str
    log: Path

    def run(self, *arguments: str, text: str | None = None) -> str:
        """Run kubectl; its output, or its words when it fails."""
        done = subprocess.run(
            [self.kubectl, *arguments],
            input=text,
            env=self.environment,
            text=True,
            capture_output=True,
            check=False,
        )
        return (done.stdout + done.stderr).rstrip()

    def token(self) -> str:
        """What opens the page: of a new service account that may do all to the Packs."""
        self.run("create", "serviceaccount", _VISITOR, "-n", NAMESPACE)
        verbs = "--verb=get,list,update"
        self.run("create", "role", _VISITOR, verbs, "--resource=packs.attune.io", "-n", NAMESPACE)
        whom = f"--serviceaccount={NAMESPACE}:{_VISITOR}"
        self.run("create", "rolebinding", _VISITOR, f"--role={_VISITOR}", whom, "-n", NAMESPACE)
        return self.run("create", "token", _VISITOR, "-n", NAMESPACE, "--duration=8h")

    def wait(self, path: str, wanted: str) -> None:
        """Wait until the Pack's field at this JSONPath contains `wanted`."""
        deadline = time.monotonic() + _PATIENCE
        command = ("get", "pack", "tour", "-n", NAMESPACE, "-o", f"jsonpath={path}")
        while wanted not in (found := self.run(*command)):
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{path} was to contain '{wanted}' and is '{found}'. "
                    f"The controller's log is in {self.log}."
                )
            time.sleep(_POLL)


@contextmanager
def stage(say: Say) -> Iterator[Stage]:
    """Start all parts, the cluster of the current kubeconfig with CLUSTER=current; stop them."""
    with ExitStack() as stack:
        kubectl = ensure()[Program.KUBECTL]
        environment = {**os.environ, **_cluster(stack, say)}
        say("PostgreSQL")
        postgres = stack.enter_context(Postgres())
        say("a Git server over HTTP")
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(GitServer(root))
        repository = PackRepo(root / REPOSITORY)
        guard = stack.enter_context(Guard())
        log = guard.folder / "controller.log"
        page = f"127.0.0.1:{free_port()}"
        url = server.url(REPOSITORY)
        found = Stage(kubectl, environment, postgres.url, repository, url, page, log)
        say("the CustomResourceDefinition")
        found.run("apply", "--server-side", "-f", "crds/")
        found.run("create", "namespace", NAMESPACE)
        stack.callback(found.run, "delete", "namespace", NAMESPACE, "--wait=false")
        say("the controller: packctl run")
        _start_controller(found, guard, stack)
        yield found


def _cluster(stack: ExitStack, say: Say) -> dict[str, str]:
    if os.environ.get("CLUSTER") == "current":
        say("the cluster of the current kubeconfig")
        return {}
    say("etcd and kube-apiserver")
    return stack.enter_context(ControlPlane()).environment


def _start_controller(found: Stage, guard: Guard, stack: ExitStack) -> None:
    settings = {
        "PACKCTL_DATABASE_URL": found.database,
        "PACKCTL_CACHE_DIR": str(guard.folder / "mirrors"),
        "PACKCTL_NAMESPACES": NAMESPACE,
        "PACKCTL_LEASE_NAMESPACE": NAMESPACE,
        "PACKCTL_ALLOW_HTTP": "true",
        "PACKCTL_HTTP_LISTEN": found.page,
        "PACKCTL_PUBLIC_URL": f"http://{found.page}",
    }
    packctl = shutil.which("packctl", path=str(Path(sys.executable).parent)) or "packctl"
    log = stack.enter_context(found.log.open("wb"))
    process = guard.spawn([packctl, "run"], log, environment=found.environment | settings)
    stack.callback(_stop, process, found)


def _stop(process: subprocess.Popen[bytes], found: Stage) -> None:
    """Let the controller take its finalizers off before it goes, then end it in order."""
    found.run("delete", "packs", "--all", "-n", NAMESPACE, "--timeout=20s")
    process.terminate()
    process.wait(timeout=_PATIENCE)
