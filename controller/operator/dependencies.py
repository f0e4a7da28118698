"""`spec.dependsOn`: whether it is a Pack's turn. Pure; imports `pack` and this room's values.

Nothing of another Pack is told but its name, that it is there, and the reason of its Ready: it may
belong to another namespace.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.errors import Reason, Stalled, Waiting
from controller.operator.resource import Resource
from controller.pack.identity import PackKey
from controller.pack.tree import Revision
from controller.pack.ways import way

Find = Callable[[PackKey], Resource | None]
"""A Pack as it is now, None where there is none or where nobody may know."""

_RETRY = 30.0


def check_turn(pack: Resource, revision: Revision, find: Find) -> None:
    """Raise `Stalled` where `pack` waits for itself, perhaps by way of others, and `Waiting` as
    long as a Pack that it depends on is not ready, or has not looked at the same `revision` of the
    same repository yet."""
    if not pack.depends_on:
        return
    if circle := _circle(pack, find):
        raise Stalled(
            Reason.DEPENDENCY_CYCLE,
            f"spec.dependsOn goes in a circle: {' → '.join(map(str, circle))}.",
            hint="Take one of these dependencies away; none of the Packs can be the first.",
        )
    waits = [
        f"{key} {why}" for key in pack.depends_on if (why := _why_not(pack, revision, find(key)))
    ]
    if waits:
        raise Waiting(
            Reason.DEPENDENCY_NOT_READY,
            f"It waits for Pack {'; and for Pack '.join(waits)}.",
            hint="It goes on as soon as that is Ready; its rows stay until then.",
            retry_after=_RETRY,
        )


def _why_not(pack: Resource, revision: Revision, other: Resource | None) -> str:
    if other is None:
        return "which does not exist, or is in a namespace that this controller does not watch"
    if other.is_deleting:
        return "which is being deleted"
    if not other.is_ready:
        reason = other.ready_reason
        return f"which is not Ready ({reason})" if reason else "which has no status yet"
    if not other.is_current:
        return "whose newest spec has not been acted on yet"
    if other.follows_as(pack) and other.attempted != str(revision):
        return f"which has not looked at {revision} yet"
    return ""


def _circle(pack: Resource, find: Find) -> tuple[PackKey, ...]:
    """The shortest way back to `pack`, both ends included; empty when there is none."""

    def following(key: PackKey) -> tuple[PackKey, ...]:
        found = find(key)
        return found.depends_on if found else ()

    ways = [back for key in pack.depends_on if (back := way(key, pack.key, following))]
    return (pack.key, *min(ways, key=len)) if ways else ()
