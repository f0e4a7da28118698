"""A throw-away Kubernetes control plane: etcd and a real kube-apiserver, and nothing else.

Objects are validated, authorized, stored and watched as in any cluster. There is neither a kubelet
nor a controller: Pods never run, owner references and namespaces are not cleaned up. Imports the
standard library, the guard and the search for programs.
"""

from __future__ import annotations

import http.client
import os
import secrets
import ssl
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

from hack.localcluster.binaries import Program, ensure
from hack.localcluster.guard import Guard
from hack.localcluster.kubeconfig import kubeconfig, service_account_key
from hack.ports import free_port

_START_SECONDS = 90.0
_POLL_SECONDS = 0.02


class CommandError(Exception):
    """A program answered with an error: what was asked, and its standard error."""


class ControlPlane:
    """A context around one control plane.

    `url`, `token` (of an administrator, group system:masters) and `ca` (PEM) reach it;
    `kubeconfig` is a file with all three. It is ready when the context is entered.
    """

    def __enter__(self) -> Self:
        self._programs = ensure()
        self._guard = Guard().__enter__()
        try:
            self._start()
        except BaseException:
            self._guard.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        # No grace: the data goes away with the guard, and the API server takes seconds to say
        # goodbye to its watchers.
        self._guard.__exit__()

    def kubectl(self, *arguments: str, input: str | None = None) -> str:  # noqa: A002 - as in subprocess
        """Run kubectl as the administrator; its output. Raises `CommandError`."""
        return self._run(Program.KUBECTL, arguments, input)

    def wait_served(self, *crd: str) -> None:
        """Wait until the API server serves the resource definition that `crd` names, as kubectl
        takes it (`-f`, a file, or `crd/…`)."""
        # A condition cannot be waited for as long as there are no conditions at all.
        for state in ("jsonpath={.status.conditions}", "condition=Established"):
            self.kubectl("wait", f"--for={state}", *crd, "--timeout=60s")

    def helm(self, *arguments: str) -> str:
        """Run helm as the administrator; its output. Raises `CommandError`."""
        return self._run(Program.HELM, arguments, None)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point kubectl, helm and clients at this cluster and nowhere else."""
        home = self._guard.folder / "home"
        return {
            "KUBECONFIG": str(self.kubeconfig),
            "KUBECACHEDIR": str(home / "kube"),
            "HELM_CACHE_HOME": str(home / "helm" / "cache"),
            "HELM_CONFIG_HOME": str(home / "helm" / "config"),
            "HELM_DATA_HOME": str(home / "helm" / "data"),
        }

    def service_account_token(self, namespace: str, name: str) -> str:
        """A real token of an existing service account, good for an hour."""
        return self.kubectl("create", "token", name, "--namespace", namespace).strip()

    def stop_apiserver(self) -> None:
        """Cut the API server off, as when its machine goes away. etcd keeps what it holds."""
        self._apiserver.kill()
        self._apiserver.wait()

    def start_apiserver(self) -> None:
        """Start the API server, at the same address as before, and wait until it is ready."""
        self._apiserver = self._spawn(Program.KUBE_APISERVER, self._apiserver_flags())
        self._wait_ready()

    def _start(self) -> None:
        self._folder = self._guard.folder
        self._etcd_url = f"http://127.0.0.1:{free_port()}"
        self._port = free_port()
        self.url = f"https://127.0.0.1:{self._port}"
        self.token = secrets.token_hex(16)
        self.kubeconfig = self._folder / "kubeconfig"
        self._write("tokens.csv", f'{self.token},admin,admin,"system:masters"\n')
        self._write("service-account.key", service_account_key())
        self._etcd = self._spawn(Program.ETCD, self._etcd_flags())
        self.start_apiserver()
        self._write("kubeconfig", kubeconfig(self.url, self.token, self.ca.encode()))

    @property
    def ca(self) -> str:
        """The certificates to trust, in PEM: the server made them itself when it first started."""
        return (self._folder / "certificates" / "apiserver.crt").read_text()

    def _write(self, name: str, text: str) -> None:
        path = self._folder / name
        path.touch(mode=0o600)
        path.write_text(text)

    def _etcd_flags(self) -> list[str]:
        peer = f"http://127.0.0.1:{free_port()}"
        return [
            f"--data-dir={self._folder / 'etcd'}",
            f"--listen-client-urls={self._etcd_url}",
            f"--advertise-client-urls={self._etcd_url}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            "--unsafe-no-fsync",
        ]

    def _apiserver_flags(self) -> list[str]:
        key = self._folder / "service-account.key"
        return [
            f"--etcd-servers={self._etcd_url}",
            f"--cert-dir={self._folder / 'certificates'}",
            f"--secure-port={self._port}",
            "--bind-address=127.0.0.1",
            # Without it the server looks for another network than loopback, and may find none.
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            "--authorization-mode=RBAC",
            f"--token-auth-file={self._folder / 'tokens.csv'}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            "--service-cluster-ip-range=10.0.0.0/24",
        ]

    def _spawn(self, program: Program, flags: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._log(program).open("ab") as log:
            return self._guard.spawn([str(self._programs[program]), *flags], log)

    def _log(self, program: Program) -> Path:
        return self._folder / f"{program.value}.log"

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            for program, process in self._running():
                if process.poll() is not None or time.monotonic() > deadline:
                    tail = self._log(program).read_text(errors="replace").splitlines()[-10:]
                    raise CommandError(f"{program.value} did not start:\n" + "\n".join(tail))
            time.sleep(_POLL_SECONDS)

    def _running(self) -> list[tuple[Program, subprocess.Popen[bytes]]]:
        return [(Program.ETCD, self._etcd), (Program.KUBE_APISERVER, self._apiserver)]

    def _is_ready(self) -> bool:
        try:
            trust = ssl.create_default_context(cadata=self.ca)
            server = http.client.HTTPSConnection("127.0.0.1", self._port, timeout=5, context=trust)
            with closing(server):
                server.request("GET", "/readyz", headers={"Authorization": f"Bearer {self.token}"})
                return server.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False  # not yet: no certificate, no listener, or a connection cut off

    def _run(self, program: Program, arguments: Sequence[str], text: str | None) -> str:
        done = subprocess.run(
            [self._programs[program], *arguments],
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **self.environment},
        )
        if done.returncode:
            command = " ".join([program.value, *arguments])
            raise CommandError(f"{command} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout
