"""The end of a pack: its rows deleted, or only our claim on them given up.

May import `pack`, `errors` and this room. Both are idempotent, also where nothing was claimed.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from controller.errors import Reason, Waiting
from controller.pack.identity import AskedBy, Owner
from controller.store.attempts import write
from controller.store.claims import Claim
from controller.store.records import Attempt
from controller.store.rows import read_callers, read_running
from controller.store.session import Params, Session
from controller.store.statements import Statement
from controller.store.values import Removal


@dataclass(frozen=True, slots=True)
class _Reference:
    schema: str
    table: str
    column: str
    readable: bool


def remove(session: Session, owner: Owner, pack_ref: str, keep: int) -> Removal:
    """Delete what `owner` wrote, and its claim; see `Store.remove`. `keep` as for `write`."""
    claim = _lock_claim(session, owner, pack_ref)
    if claim is None:
        return Removal()
    refs = [str(ref) for ref in session.values(Statement.READ_INVENTORY, _key(claim))]
    pack = next(iter(session.values(Statement.FIND_PACK, _key(claim))), None)
    _refuse_running(session, claim, pack, refs)
    callers = read_callers(session, claim.pack_ref, refs)
    session.run(Statement.DELETE_DEFINITIONS, {**_key(claim), "refs": refs, "pack": pack})
    session.run(Statement.DELETE_CLAIM, _key(claim))
    removed = pack is not None and pack == claim.created_pack and remove_pack(session, pack)
    gone = f"{len(refs)} workflows{' and the pack' if removed else ''}"
    _note(session, claim, f"Removed {gone}.", keep)
    return Removal(claim.pack_ref, tuple(refs), pack_removed=removed, callers=callers)


def release(session: Session, owner: Owner, pack_ref: str, keep: int) -> None:
    """Give `owner`'s claim up and leave every row as it is; see `Store.release`."""
    claim = _lock_claim(session, owner, pack_ref)
    if claim is not None:
        session.run(Statement.DELETE_CLAIM, _key(claim))
        _note(session, claim, "Gave the pack up; its rows stay as they are.", keep)


def _note(session: Session, claim: Claim, message: str, keep: int) -> None:
    """The last attempt of an owner: from now on the past of its pack gets older."""
    done = Attempt(
        owner=claim.owner,
        pack_ref=claim.pack_ref,
        generation=claim.generation,
        asked_by=AskedBy.DELETION if claim.owner.is_resource else AskedBy.COMMAND_LINE,
        duration_ms=0,
        revision=claim.revision,
        commit=claim.commit,
        details=None,
        stage="",
        reason=Reason.SUCCEEDED.value,
        message=message,
        hint="",
        errors=0,
        warnings=0,
        diagnostics=(),
        fingerprint="",
    )
    write(session, done, keep, pack_ref=claim.pack_ref)


def _lock_claim(session: Session, owner: Owner, pack_ref: str) -> Claim | None:
    found = _find_claim(session, owner, pack_ref)
    if found is None:
        return None
    session.run(Statement.LOCK_PACK, _key(found))
    return _find_claim(session, owner, found.pack_ref)


def _find_claim(session: Session, owner: Owner, pack_ref: str) -> Claim | None:
    params: Params = {"pack_ref": pack_ref, "owner_uid": owner.uid}
    claims = session.rows(Statement.READ_CLAIMS, Claim, params)
    return next((claim for claim in claims if claim.owner.is_same(owner)), None)


def _refuse_running(session: Session, claim: Claim, pack: int | None, refs: list[str]) -> None:
    running = sorted(read_running(session, pack, refs, lock=True))
    if running:
        raise Waiting(
            Reason.PRUNE_BLOCKED,
            f"Executions of {len(running)} workflows of pack {claim.pack_ref!r} are running "
            f"({', '.join(running[:3])}{', …' if len(running) > 3 else ''}); nothing was removed.",
            hint="They are waited for; cancel them in Attune to go on at once.",
        )


def remove_pack(session: Session, pack: int) -> bool:
    """Delete the pack's row if nothing refers to it, as far as we may look."""
    references = session.rows(Statement.FIND_PACK_REFERENCES, _Reference)
    if not all(reference.readable for reference in references):
        return False
    question = sql.SQL("SELECT ") + sql.SQL(" OR ").join(map(_asks, references))
    if references and session.answer("read_pack_references", question, {"pack": pack}):
        return False
    return session.run(Statement.DELETE_PACK, {"pack": pack}) > 0


def _asks(reference: _Reference) -> sql.Composable:
    return sql.SQL("EXISTS (SELECT FROM {table} WHERE {column} = %(pack)s)").format(
        table=sql.Identifier(reference.schema, reference.table),
        column=sql.Identifier(reference.column),
    )


def _key(claim: Claim) -> Params:
    return {"pack_ref": claim.pack_ref}
