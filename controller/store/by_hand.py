"""Pack rows that people make and change themselves, without a source that says what they are.

May import `pack`, `errors` and this room. What a Pack resource owns is refused, in the transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from controller.errors import Reason, Stalled, Waiting
from controller.pack.content import Json
from controller.pack.identity import COMMAND_LINE
from controller.store.claims import Claim
from controller.store.removal import remove, remove_pack
from controller.store.session import Params, Session
from controller.store.statements import Statement


@dataclass(frozen=True, slots=True)
class PackFields:
    """What people say of a pack; None: as it is."""

    label: str | None = None
    description: str | None = None
    version: str | None = None
    conf_schema: Mapping[str, Json] | None = None
    config: Mapping[str, Json] | None = None
    meta: Mapping[str, Json] | None = None
    tags: tuple[str, ...] | None = None
    runtime_deps: tuple[str, ...] | None = None
    dependencies: tuple[str, ...] | None = None


def add_pack(session: Session, ref: str, fields: PackFields) -> bool:
    """See `Store.add_pack`."""
    return session.run(Statement.ADD_PACK, _params(ref, fields)) > 0


def change_pack(session: Session, ref: str, fields: PackFields) -> bool:
    """See `Store.change_pack`."""
    _lock(session, ref)
    return session.run(Statement.CHANGE_PACK, _params(ref, fields)) > 0


def delete_pack(session: Session, ref: str, keep: int) -> bool:
    """See `Store.delete_pack`."""
    _lock(session, ref)
    found = session.values(Statement.FIND_PACK, {"pack_ref": ref})
    removal = remove(session, COMMAND_LINE, ref, keep)
    if found and not (removal.pack_removed or remove_pack(session, found[0])):
        raise Waiting(
            Reason.PRUNE_BLOCKED,
            f"Other rows of Attune belong to pack {ref!r}, such as its actions and sensors; "
            "nothing was removed.",
            hint="Remove the pack in Attune, which knows what hangs on it.",
        )
    return bool(found)


def _lock(session: Session, ref: str) -> None:
    session.run(Statement.LOCK_PACK, {"pack_ref": ref})
    params: Params = {"pack_ref": ref, "owner_uid": COMMAND_LINE.uid}
    for claim in session.rows(Statement.READ_CLAIMS, Claim, params):
        if claim.pack_ref == ref and claim.owner.is_resource:
            raise Stalled(
                Reason.REF_CONFLICT,
                f"Pack {ref!r} belongs to {claim.owner}; nothing was written.",
                hint="Change it in Git, or delete the Pack resource.",
            )


def _params(ref: str, fields: PackFields) -> Params:
    def document(value: Mapping[str, Json] | None) -> str | None:
        return None if value is None else json.dumps(value)

    def listed(value: tuple[str, ...] | None) -> list[str] | None:
        return None if value is None else list(value)

    return {
        "ref": ref,
        "label": fields.label,
        "description": fields.description,
        "version": fields.version,
        "conf_schema": document(fields.conf_schema),
        "config": document(fields.config),
        "meta": document(fields.meta),
        "tags": listed(fields.tags),
        "runtime_deps": listed(fields.runtime_deps),
        "dependencies": listed(fields.dependencies),
    }
