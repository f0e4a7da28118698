"""One transaction's hands: named statements in, typed rows out. May import this room's SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from psycopg import Connection, sql
from psycopg.rows import class_row, dict_row, scalar_row

from controller.store.statements import Statement, text_of

Row = TypeVar("Row")
Params = Mapping[str, object]
Observer = Callable[[str], None]

_NONE: Params = MappingProxyType({})


class Session:
    """An open transaction. Each statement's name is told to the observer before it is sent."""

    def __init__(self, connection: Connection[Any], observer: Observer) -> None:
        self._connection = connection
        self._observe = observer

    def rows(self, statement: Statement, kind: type[Row], params: Params = _NONE) -> list[Row]:
        """All rows, each as a `kind`, whose fields are named as the columns."""
        self._observe(statement.value)
        with self._connection.cursor(row_factory=class_row(kind)) as cursor:
            return cursor.execute(text_of(statement), params).fetchall()

    def mappings(self, statement: Statement, params: Params = _NONE) -> list[dict[str, Any]]:
        """All rows, each by column."""
        self._observe(statement.value)
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(text_of(statement), params).fetchall()

    def values(self, statement: Statement, params: Params = _NONE) -> list[Any]:
        """The first column of all rows."""
        self._observe(statement.value)
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(text_of(statement), params).fetchall()

    def value(self, statement: Statement, params: Params = _NONE) -> Any:
        """The first column of the only row."""
        [value] = self.values(statement, params)
        return value

    def run(self, statement: Statement, params: Params = _NONE) -> int:
        """Execute, and return how many rows it touched."""
        self._observe(statement.value)
        return self._connection.execute(text_of(statement), params).rowcount

    def script(self, name: str, text: bytes) -> None:
        """Execute statements that have neither parameters nor results."""
        self._observe(name)
        self._connection.execute(text)

    def answer(self, name: str, question: sql.Composed, params: Params) -> bool:
        """The answer to a composed `SELECT <boolean>`."""
        self._observe(name)
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            return bool(cursor.execute(question, params).fetchone())
