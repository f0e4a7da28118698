"""What Attune itself has put into its database: its tables, and packs that others installed."""

from __future__ import annotations

import psycopg
from psycopg.types.json import Jsonb

from controller.store.statements import attune_tables

_ACTION = """
INSERT INTO attune.action (ref, pack, pack_ref, label, entrypoint, param_schema)
SELECT %(ref)s, id, ref, %(ref)s, 'run.sh', %(schema)s FROM attune.pack WHERE ref = %(pack)s
"""


def install_core(url: str) -> None:
    """Make the database what Attune's own installation leaves, as far as the tests look."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA attune")
        connection.execute(attune_tables())
    install_echo(url)


def install_echo(url: str) -> None:
    """The core pack with the action that the packs of the tests call."""
    install_pack(url, "core")
    install_action(url, "core.echo", {"message": {"type": "string"}})


def install_pack(url: str, ref: str) -> None:
    """A pack of someone else's, without workflows."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO attune.pack (ref, label, version) VALUES (%(ref)s, %(ref)s, '1.0.0')",
            {"ref": ref},
        )


def install_action(url: str, ref: str, schema: dict[str, object]) -> None:
    """An action of a pack that is there, with this `param_schema`."""
    with psycopg.connect(url) as connection:
        params = {"ref": ref, "pack": ref.partition(".")[0], "schema": Jsonb(schema)}
        connection.execute(_ACTION, params)
