"""People who sign with the real git: an SSH key of ssh-keygen, an OpenPGP key of Sequoia.

git runs a small program for OpenPGP in place of gpg, which need not be installed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from pysequoia import Tsk

from hack.packrepo import PackRepo
from tests.signing.ssh import SshKey

_PROGRAM = """#!{python}
import sys
from pysequoia import SignatureMode, Tsk, sign
key = Tsk.from_file({key!r})
signed = sign(key.signer(), sys.stdin.buffer.read(), mode=SignatureMode.DETACHED)
sys.stdout.buffer.write(signed)
sys.stderr.write("\\n[GNUPG:] SIG_CREATED \\n")
"""


@dataclass(frozen=True, slots=True)
class Person:
    """One who signs: options for git before its command, and what others need to trust them."""

    options: tuple[str, ...]
    file: str
    public: bytes

    @property
    def trusted(self) -> dict[str, bytes]:
        """A Secret's data with the public key."""
        return {self.file: self.public}


def by_ssh(folder: Path, email: str = "jane@example.com") -> Person:
    """A new SSH key in `folder`, and the allowed signer of that address."""
    key = SshKey.new(folder, email)
    line = f'{email} namespaces="git" {key.public}\n'
    options = ("-c", "gpg.format=ssh", "-c", f"user.signingKey={key.path}")
    return Person(options, "allowed_signers", line.encode())


def by_openpgp(folder: Path, name: str = "Jane <jane@example.com>") -> Person:
    """A new OpenPGP key in `folder`."""
    key = Tsk.generate(user_id=name)
    secret = folder / f"{name}.key"
    secret.write_text(str(key))
    program = folder / f"{name}.program"
    program.write_text(_PROGRAM.format(python=sys.executable, key=str(secret)))
    program.chmod(0o700)
    options = ("-c", f"gpg.program={program}", "-c", "user.signingKey=any")
    return Person(options, "jane.asc", str(key.extract_certificate()).encode())


def sign(repo: PackRepo, person: Person, work: str = "work") -> str:
    """A commit of `person` on main, signed by git, with the files of the branch `work`."""
    parent = repo.find("refs/heads/main")
    who = ("-c", "user.name=Jane", "-c", "user.email=jane@example.com")
    after = ("-p", parent) if parent else ()
    tree = repo.git("rev-parse", f"{work}^{{tree}}")
    commit = repo.git(*person.options, *who, "commit-tree", "-S", "-m", "Change", *after, tree)
    repo.force("main", commit)
    return commit
