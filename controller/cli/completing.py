"""Names of Packs for the shell's completion: quickly, or none. Never prints, never fails."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

_SECONDS = 2.0


def packs(context: typer.Context, incomplete: str) -> list[str]:
    """The Packs of the namespace that is typed, or of the current one, that begin like this."""
    given = context.params
    with suppress(Exception):
        return [
            one
            for one in _names(given.get("namespace"), given.get("kubeconfig"))
            if one.startswith(incomplete)
        ]
    return []


def _names(namespace: str | None, kubeconfig: object) -> list[str]:
    # Kubernetes' libraries take a second to load, which no other command should wait for.
    from controller.cli.asking import settings
    from controller.operator.access import current_namespace, load_config
    from controller.operator.changes import names

    found = kubeconfig or settings().kubeconfig
    place = str(found) if found else None
    return names(load_config(place), namespace or current_namespace(place), _SECONDS)


PackName = Annotated[
    str, typer.Argument(metavar="PACK", help="A Pack of the cluster.", autocompletion=packs)
]
