"""What the values of a Secret have in common: how they are told apart and refused. Pure."""

from __future__ import annotations

import hashlib
import re

from controller.errors import Reason, Stalled

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def digest(*values: str) -> str:
    """A hash that tells two lists of values apart and gives none away."""
    lengths = ",".join(str(len(value)) for value in values)
    return hashlib.sha256("\0".join((lengths, *values)).encode()).hexdigest()


def has_control(*values: str) -> bool:
    """Whether one of `values` could break out of a header or a line."""
    return any(_CONTROL.search(value) for value in values)


def unusable(problem: str, *, named_in: str = "spec.git.secretRef") -> Stalled:
    """The error for the Secret that the field `named_in` names."""
    return Stalled(
        Reason.AUTHENTICATION_FAILED,
        f"The Secret for the repository {problem}.",
        hint=f"Correct the Secret named in {named_in}.",
    )
