"""What a remote says of its references: ids by full name, and where HEAD points. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PEELED = "^{}"
"""What git puts after the name of an annotated tag to name what the tag leads to."""


@dataclass(frozen=True, slots=True)
class Advertised:
    """`ids` has each annotated tag twice: `refs/tags/v1` is the tag, `refs/tags/v1^{}` what it
    leads to. `head` is the full name of the branch that HEAD points to, empty when it is not told.
    """

    ids: Mapping[str, str]
    head: str = ""
