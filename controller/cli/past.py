"""What the database keeps of a pack's past, for every command that asks for it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from controller.cli.asking import settings
from controller.cli.hints import unretried
from controller.cli.output import fail
from controller.database import database_url, retention
from controller.errors import PackError
from controller.pack.naming import NoSuchRevision, read_name
from controller.store import DatabaseSettings, RecordedRevision, RevisionEntry, Store

_LISTED = 10


@contextmanager
def reading(database: str | None, *, planning: bool = False) -> Iterator[Store]:
    """The store of a database that has a past, or, for `planning`, need not have one; it is never
    migrated. The command ends where it is away, has none, or is of another version, also within the
    context."""
    given = {"database_url": SecretStr(database)} if database else {}
    found = settings(**given)
    # A server for nothing but the news that there is nothing takes seconds and leaves a folder.
    if found.database_url is None and not (found.data_dir / "data").exists():
        fail(ValueError("There is no database: give --database, or set PACKCTL_DATABASE_URL."))
    try:
        with (
            database_url(found) as url,
            Store(DatabaseSettings(url), retention=retention(found), dry=planning) as store,
        ):
            if not planning:
                store.check()
            yield store
    except PackError as error:
        fail(unretried(error))


def known(store: Store, pack_ref: str, *, limit: int | None) -> tuple[RevisionEntry, ...]:
    """The newest `limit` of the applied revisions that are kept of a pack (None: all), newest
    first, none where all attempts failed; ends the command where nobody knows the pack."""
    found = store.history(pack_ref, limit=limit)
    if not found and not store.attempts(pack_ref, limit=1):
        fail(
            ValueError(
                f"Nothing was ever applied of a pack {pack_ref!r}. {_advice(store, pack_ref)}"
            )
        )
    return found


def named(store: Store, pack_ref: str, revision: str) -> RevisionEntry:
    """The applied revision that is called so: see `controller.pack.naming`. Ends the command where
    there is none."""
    try:
        name = read_name(revision)
    except NoSuchRevision as error:
        fail(error)
    found = known(store, pack_ref, limit=None)
    if not found:
        fail(
            ValueError(
                f"Nothing of {pack_ref} was applied yet. "
                f"`packctl history {pack_ref} --attempts` tells what was tried."
            )
        )
    try:
        return name.among(pack_ref, found)
    except NoSuchRevision as error:
        fail(error)


def recorded(store: Store, pack_ref: str, revision: str) -> RecordedRevision:
    """`named`, with all that was recorded of it."""
    entry = named(store, pack_ref, revision)
    found = store.revision(pack_ref, entry.number)
    if found is None:
        fail(ValueError(f"Revision {entry.number} of {pack_ref} was removed just now. Ask again."))
    return found


def _advice(store: Store, pack_ref: str) -> str:
    """What to say to one who asked for a pack that is not there."""
    packs = store.packs()
    if not packs:
        return "This database has no history of any pack."
    near = difflib.get_close_matches(pack_ref, packs, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    more = ", …" if len(packs) > _LISTED else ""
    return f"Packs with a history: {', '.join(packs[:_LISTED])}{more}."
