"""What a Pack may take over of others, as its annotation names it. Imports the pack's identity.

Each thing is named, so that an annotation that was forgotten never takes what came later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from controller.pack.identity import PackKey

MANY = 16
"""Packs that one Pack may name: each is looked up at the API server, for whoever wrote it."""

_SEPARATOR = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class Adoption:
    """Workflow refs under which rows were made by hand, and Packs that are gone."""

    refs: frozenset[str] = frozenset()
    packs: tuple[PackKey, ...] = ()


def adoption(text: str) -> Adoption:
    """`payments.settle, team-a/payments` → what it names; what is neither is left out, and so
    are all Packs but the first `MANY`."""
    names = [name for name in _SEPARATOR.split(text) if name]
    keys = (name.split("/") for name in names if name.count("/") == 1)
    packs = dict.fromkeys(PackKey(*parts) for parts in keys if all(parts))
    refs = frozenset(name for name in names if "/" not in name and "." in name)
    return Adoption(refs, tuple(packs)[:MANY])
