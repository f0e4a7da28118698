"""Who signed a revision, as values. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class SignatureKind(Enum):
    """How something is signed, in the words of people."""

    OPENPGP = "OpenPGP"
    SSH = "SSH"


@dataclass(frozen=True, slots=True)
class Signer:
    """One who signed: `name` is what the trusted keys call them, `key` the id or fingerprint of
    the key, `time` when they say that they signed."""

    kind: SignatureKind
    name: str
    key: str
    time: datetime

    def __str__(self) -> str:
        if not self.name:
            return f"the {self.kind.value} key {self.key}"
        return f"{self.name} ({self.kind.value} {self.key})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A revision whose signatures are good; each is None where it was not asked for.

    `policy` is a digest of what was asked and of the keys that were trusted.
    """

    commit: Signer | None
    tag: Signer | None
    policy: str
