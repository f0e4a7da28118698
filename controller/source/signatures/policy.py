"""What is asked of signatures, and whom to trust. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from controller.pack.spec import VerificationMode


@dataclass(frozen=True, slots=True)
class Policy:
    """What must be signed, and the files of trusted keys, by the names that users gave them."""

    mode: VerificationMode
    files: Mapping[str, bytes]

    @property
    def needs_commit(self) -> bool:
        """Whether the commit must be signed."""
        return self.mode is not VerificationMode.TAG

    @property
    def needs_tag(self) -> bool:
        """Whether the tag must be signed."""
        return self.mode is not VerificationMode.HEAD

    @property
    def identity(self) -> str:
        """A hash that tells two policies apart."""
        told = hashlib.sha256(self.mode.value.encode())
        for name, content in sorted(self.files.items()):
            for part in (name.encode(), content):
                told.update(hashlib.sha256(part).digest())
        return told.hexdigest()
