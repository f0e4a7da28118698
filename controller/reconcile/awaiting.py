"""What a pack lacks of other packs: told to wait for, and to be woken by. Pure.

May import `validate`, `pack` and `errors`.
"""

from __future__ import annotations

from controller.errors import Reason, Waiting
from controller.pack.awaited import Awaited
from controller.pack.diagnostic import Diagnostic
from controller.pack.rules import DEPENDENCY_CIRCLE, FROM_DATABASE, UNMET_DEPENDENCY
from controller.validate import Checked, Examined

_NAMED = 3
_OF_PACKS = (UNMET_DEPENDENCY, DEPENDENCY_CIRCLE)


def unready(unmet: tuple[Diagnostic, ...]) -> Waiting:
    """Why a pack cannot be applied yet, as nothing but its dependencies stand in the way."""
    said = "; ".join(one.message for one in unmet[:_NAMED])
    more = f"; and {len(unmet) - _NAMED} more" if len(unmet) > _NAMED else ""
    return Waiting(
        Reason.DEPENDENCY_NOT_READY,
        f"{said[0].upper()}{said[1:]}{more}.",
        hint="Apply what is missing; this pack follows by itself, and its rows stay until then.",
    )


def awaited(pack_ref: str, examined: Examined | None, checked: Checked | None) -> Awaited:
    """The packs that `checked` has something to say of."""
    if examined is None or checked is None:
        return Awaited(pack_ref)
    found = [one for one in checked.diagnostics if one.rule in FROM_DATABASE]
    unmet = {one.path: one.is_error for one in found if one.rule is UNMET_DEPENDENCY}
    needs = [one for one in examined.manifest.needs if one.path in unmet]
    needed = frozenset(one.ref for one in needs if unmet[one.path])
    called = frozenset(one.ref for one in needs if not unmet[one.path])
    if any(one.rule not in _OF_PACKS for one in found):
        called |= {ref.partition(".")[0] for ref in examined.outside}
    return Awaited(pack_ref, needed, called)
