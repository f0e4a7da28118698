"""OpenSSH's own server on the loopback interface, for what only the real one can show.

It lets this user in as themselves, and runs what Git asks for in a git-shell. `openssh.sh` installs
the program. Imports the standard library, the guard and the search for a port.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from hack.localcluster.guard import Guard
from hack.ports import free_port

_PATIENCE = 30.0  # seconds
_CONFIG = """\
ListenAddress 127.0.0.1
AcceptEnv GIT_PROTOCOL
AuthorizedKeysFile {folder}/authorized_keys
ForceCommand git-shell -c "$SSH_ORIGINAL_COMMAND"
KbdInteractiveAuthentication no
PasswordAuthentication no
PermitRootLogin prohibit-password
PidFile none
StrictModes no
UsePAM {pam}
"""


class OpenSshServer:
    """A context: any repository of this machine, at `url(path)`, for who has one of `public_keys`.

    `authority` is a file with the private key that its host key is certified by, for `names`.
    """

    def __init__(
        self, *public_keys: str, authority: Path | None = None, names: Sequence[str] = ()
    ) -> None:
        self.port = free_port()
        self._public_keys = public_keys
        self._authority = authority
        self._names = names
        self._guard = Guard()

    def __enter__(self) -> Self:
        folder = self._guard.__enter__().folder
        try:
            self._prepare(folder)
            self._start(folder)
        except BaseException:
            self._guard.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._guard.__exit__(*exception)

    def url(self, path: Path) -> str:
        """The address of a repository."""
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{path}"

    @property
    def known_hosts(self) -> str:
        """What ssh-keyscan prints of it, asked for."""
        return _printed("ssh-keyscan", "-p", str(self.port), "127.0.0.1")

    def _prepare(self, folder: Path) -> None:
        key = folder / "host_key"
        _printed("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
        config = _CONFIG.format(folder=folder, pam="yes" if os.getuid() == 0 else "no")
        if self._authority:
            principals = ",".join(self._names)
            signing = ("-s", str(self._authority), "-I", "host", "-h", "-n", principals)
            _printed("ssh-keygen", "-q", *signing, f"{key}.pub")
            config += f"HostCertificate {key}-cert.pub\n"
        (folder / "authorized_keys").write_text("\n".join(self._public_keys))
        (folder / "sshd_config").write_text(f"Port {self.port}\nHostKey {key}\n{config}")
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # else it refuses to run for root

    def _start(self, folder: Path) -> None:
        program = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "sshd is missing: hack/openssh.sh installs it"
        log = folder / "log"
        with log.open("wb") as output:
            command = [program, "-D", "-e", "-f", str(folder / "sshd_config")]
            process = self._guard.spawn(command, output, environment={"PATH": os.environ["PATH"]})
        deadline = time.monotonic() + _PATIENCE
        while "Server listening" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)


def _printed(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
