"""Pack resources and rows of the database, put together: one entry for each pack.

Rows belong to a resource only where the database says so: another one that claims the same ref
shows nothing of them.
"""

from __future__ import annotations

import threading
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from controller.pack.identity import Owner, PackKey
from controller.pack.status import Condition, ConditionType, PackStatus
from controller.redact import public_url
from controller.store import CataloguePack
from controller.web.api.followed import Followed
from controller.web.api.shapes import ListedPack, Ready
from controller.web.auth import Target, Verb


@dataclass(frozen=True, slots=True)
class Seen:
    """A pack: its resource, its row, or both; and what a list tells of it."""

    target: Target
    resource: Followed | None
    row: CataloguePack | None
    told: ListedPack

    @property
    def owner(self) -> Owner | None:
        """The resource, as the owner of rows; None where there is none."""
        if self.resource is None:
            return None
        return Owner(self.resource.uid, self.target.namespace, self.target.name)


class Views:
    """Remembers what it told of each resource until that changes; safe for many threads."""

    def __init__(self) -> None:
        self._known: dict[PackKey, Seen] = {}
        self._lock = threading.Lock()

    def together(self, packs: Sequence[Followed], rows: Sequence[CataloguePack]) -> Iterator[Seen]:
        """Each pack once. `packs` are all there are; `rows` may be some."""
        owned = {row.owner_uid: row for row in rows if row.owner_uid}
        known = {pack.uid for pack in packs}
        for pack in packs:
            yield self._of(pack, owned.get(pack.uid))
        for row in rows:
            if row.owner_uid not in known:
                yield seen_row(row)

    def _of(self, pack: Followed, row: CataloguePack | None) -> Seen:
        with self._lock:
            known = self._known.get(pack.key)
        if known and known.resource is pack and known.row == row:
            return known
        made = seen(pack, row)
        with self._lock:
            self._known[pack.key] = made
        return made

    def forget(self, keys: Container[PackKey]) -> None:
        """Forget all but those of `keys`."""
        with self._lock:
            for key in [key for key in self._known if key not in keys]:
                del self._known[key]


def seen(pack: Followed, row: CataloguePack | None) -> Seen:
    """A pack that a resource follows."""
    status = pack.status()
    said = _ready(status)
    ref = row.ref if row else pack.known_ref
    told = ListedPack(
        ref=ref,
        label=row.label if row else "",
        version=_version(status, row),
        id=row.id if row else None,
        namespace=pack.key.namespace,
        name=pack.key.name,
        ready=Ready(said.status) if said else Ready.UNKNOWN,
        reason=said.reason if said else "",
        message=said.message if said else "The controller has not looked at it yet.",
        revision=status.last_applied_revision or (row.revision if row else ""),
        workflow_count=row.workflow_count if row else 0,
        invalid_count=status.validation.error_count if status.validation else 0,
        suspended=pack.is_suspended,
        synced_at=status.last_sync_time or (row.applied_at if row else None),
        url=public_url(pack.url),
        may=[],
    )
    return Seen(Target(ref, pack.key.namespace, pack.key.name), pack, row, told)


def seen_row(row: CataloguePack) -> Seen:
    """A pack that no resource of this cluster follows."""
    told = ListedPack(
        ref=row.ref,
        label=row.label,
        version=row.version,
        id=row.id,
        ready=Ready.UNKNOWN,
        message="No Pack resource follows it.",
        revision=row.revision,
        workflow_count=row.workflow_count,
        synced_at=row.applied_at,
        may=[],
    )
    return Seen(Target(row.ref), None, row, told)


def permitted(one: Seen, *, may: Sequence[Verb]) -> ListedPack:
    """What a list tells to one who may do so much."""
    return one.told.model_copy(update={"may": list(may)})


def _ready(status: PackStatus) -> Condition | None:
    kinds = (one for one in status.conditions if one.type is ConditionType.READY)
    return next(kinds, None)


def _version(status: PackStatus, row: CataloguePack | None) -> str:
    if row:
        return row.version
    return status.pack.version if status.pack else ""
