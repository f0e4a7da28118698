"""PostgreSQL's failures, told apart by SQLSTATE and put into words. Pure.

May import `errors`, `redact` and psycopg's errors. By SQLSTATE and not by class: psycopg files a
read-only server (25006) under InternalError, and a refused connection has no SQLSTATE at all.
Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

import re

import psycopg

from controller.errors import PackError, Reason, Stalled, Transient
from controller.redact import brief

_PASSING = re.compile(
    r"08|40|53|57|58"  # connection, rollback (deadlock), resources, operator intervention, I/O
    r"|25006|25P0[34]"  # a standby after a fail-over; idle or transaction timeout
    r"|55P03"  # lock timeout
    r"|23505|23503"  # another writer came between our look and our write: the next look sees it
)
_DETAIL_LIMIT = 200
# At connect libpq gives no SQLSTATE, only the server's text.
_REFUSED_AT_CONNECT = re.compile(
    r"password authentication failed|no password supplied|authentication failed"
    r'|no pg_hba\.conf entry|(?:role|database) ".*" does not exist'
)


def is_passing(error: BaseException) -> bool:
    """Whether the whole transaction is worth another try."""
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is not None:
        return _PASSING.match(error.sqlstate) is not None
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return _REFUSED_AT_CONNECT.search(str(error)) is None


def explain(error: psycopg.Error, *, secrets: tuple[str, ...] = ()) -> PackError:
    """What the caller is told when trying again did not help."""
    said = brief(_said(error), secrets=secrets)
    state = error.sqlstate or ""
    if is_passing(error) and not state.startswith("23"):
        return Transient(
            Reason.DATABASE_UNAVAILABLE,
            f"The database is not available: {said}",
            hint="It is tried again; rows stay as they are until then.",
        )
    return Stalled(Reason.DATABASE_REFUSED, f"The database refused: {said}", hint=_advice(state))


def _said(error: psycopg.Error) -> str:
    place = ", ".join(
        f"{name} {value}"
        for name, value in (
            ("table", error.diag.table_name),
            ("column", error.diag.column_name),
            ("constraint", error.diag.constraint_name),
        )
        if value
    )
    primary = error.diag.message_primary or " ".join(str(error).split()) or type(error).__name__
    detail = (error.diag.message_detail or "")[:_DETAIL_LIMIT]
    return " ".join(filter(None, [primary, f"({place})" if place else "", detail]))


def _advice(state: str) -> str:
    if state == "42501":
        return "Grant the controller's role what docs/database.md lists."
    if state.startswith("42"):
        return "Attune's tables or ours are not as expected: docs/database.md lists what is needed."
    if state.startswith(("22", "23")):
        return "Change the workflow that holds the value, or the row that stands in its way."
    if state.startswith("28") or not state:
        return "Check the database URL, its user and password."
    return "docs/database.md tells what the database must allow."
