"""SSH signatures, checked by ssh-keygen: the program that git itself asks. The one that starts it.

Like git, and unlike `openpgp`, a key is judged at the time that the commit or tag gives itself, so
that `valid-before` keeps what was signed before it. The result follows from the arguments alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from controller.pack.verdict import SignatureKind, Signer
from controller.source.signatures import refused
from controller.source.signatures.refused import RefusedError

NAMESPACE = "git"
"""What git signs for; a signature that was made for files or mail does not count."""

_SECONDS = 10.0
_MOST_PRINCIPALS = 16
_GOOD = re.compile(r"\AGood .* with (?P<kind>\S+) key (?P<fingerprint>SHA256:\S+)$", re.MULTILINE)
_EXPIRED = re.compile(r"key has expired: .* valid-before (\d{4}-\d\d-\d\d)")
_EARLY = re.compile(r"key is not yet valid: .* valid-after (\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class _Key:
    fingerprint: str
    is_certified: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    good: bool
    output: str
    errors: str

    @property
    def key(self) -> _Key | None:
        """The key of a signature that was found good."""
        shown = _GOOD.search(self.output) if self.good else None
        return _Key(shown["fingerprint"], shown["kind"].endswith("-CERT")) if shown else None


@dataclass(frozen=True, slots=True)
class _Keygen:
    """ssh-keygen with the files of one question, in a folder of their own."""

    folder: Path
    payload: bytes
    time: datetime

    def ask(self, action: str, *arguments: str, signers: bool = True) -> _Answer:
        known = (*("-f", str(self.folder / "signers")), self._time) if signers else ()
        signature = ("-s", str(self.folder / "signature"))
        try:
            done = subprocess.run(
                ["ssh-keygen", "-Y", action, *known, *signature, *arguments],
                input=self.payload,
                capture_output=True,
                check=False,
                timeout=_SECONDS,
                # Times in the file that name no zone are in UTC wherever this runs.
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            )
        except FileNotFoundError:
            raise RefusedError(
                "is signed with SSH, and the program that checks it, ssh-keygen, is missing.",
                "Install OpenSSH's client where this runs (Debian: openssh-client).",
            ) from None
        except subprocess.TimeoutExpired:
            raise refused.malformed(f"ssh-keygen was not done within {_SECONDS:g} s") from None
        return _Answer(done.returncode == 0, self._text(done.stdout), self._text(done.stderr))

    def _text(self, output: bytes) -> str:
        # Without the folder, whose name is another one each time.
        return output.decode(errors="replace").replace(f"{self.folder}{os.sep}", "")

    @property
    def _time(self) -> str:
        return f"-Overify-time={self.time:%Y%m%d%H%M%S}"


@lru_cache(maxsize=32)
def check(payload: bytes, armored: bytes, allowed_signers: bytes, time: datetime) -> Signer:
    """Who signed `payload` at `time`; raises `RefusedError` unless an allowed signer did.

    What was found good is remembered: many Packs may follow one commit.
    """
    with tempfile.TemporaryDirectory(prefix="signature-") as name:
        folder = Path(name)
        (folder / "signers").write_bytes(allowed_signers)
        (folder / "signature").write_bytes(armored)
        return _signer(_Keygen(folder, payload, time))


def _signer(keygen: _Keygen) -> Signer:
    found = keygen.ask("find-principals")
    errors = found.errors
    for principal in found.output.splitlines()[:_MOST_PRINCIPALS]:
        answer = keygen.ask("verify", "-n", NAMESPACE, "-I", principal)
        if answer.key is not None:
            key = answer.key.fingerprint
            return Signer(SignatureKind.SSH, principal, key, keygen.time)
        errors += answer.errors
    raise _reason(errors, _key(keygen))


def _key(keygen: _Keygen) -> _Key:
    """The key that made the signature, whoever's it is; raises `RefusedError` for a bad one."""
    answer = keygen.ask("check-novalidate", "-n", NAMESPACE, signers=False)
    if answer.key is not None:
        return answer.key
    if "incorrect signature" in answer.errors:
        raise refused.bad("the owner of its SSH key")
    if "namespace does not match" in answer.errors:
        raise RefusedError(
            f"has an SSH signature that was not made for '{NAMESPACE}'.",
            "Sign it with git itself (git commit -S), not as a file.",
        )
    if "Couldn't parse signature" in answer.errors:
        raise refused.malformed("it is no SSH signature")
    said = answer.errors.strip().rpartition("\n")[2] or "ssh-keygen ended without a word"
    raise refused.malformed(said)


def _reason(errors: str, key: _Key) -> RefusedError:
    signer = f"the SSH key {key.fingerprint}"
    if key.is_certified:
        return RefusedError(
            f"is signed with a certificate of {signer} that is not of a trusted authority, or not "
            "good at the time and for the principals that it is trusted for.",
            "Add the authority to allowed_signers (cert-authority), or sign with a certificate "
            "that is still good.",
        )
    if found := _EXPIRED.search(errors):
        return refused.expired_key(signer, found[1])
    if found := _EARLY.search(errors):
        return refused.early(signer, found[1])
    if "not permitted for use in signature namespace" in errors:
        return RefusedError(
            f"is signed with {signer}, which is not allowed to sign for '{NAMESPACE}'.",
            f'Give its line in allowed_signers namespaces="{NAMESPACE}", or none.',
        )
    return refused.unknown_key("SSH", key.fingerprint)
