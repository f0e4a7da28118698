"""Names of Packs for the shell's completion: quickly, or none. Never prints, never fails."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any

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
    from kubernetes import client

    from controller.cli.asking import settings
    from controller.operator.access import current_namespace, load_config
    from controller.pack.spec import GROUP, PLURAL, VERSION

    found = kubeconfig or settings().kubeconfig
    place = str(found) if found else None
    with client.ApiClient(load_config(place)) as api:
        listed: Any = client.CustomObjectsApi(api).list_namespaced_custom_object(
            GROUP,
            VERSION,
            namespace or current_namespace(place),
            PLURAL,
            _request_timeout=_SECONDS,
        )
    return sorted(one["metadata"]["name"] for one in listed["items"])


PackName = Annotated[
    str, typer.Argument(metavar="PACK", help="A Pack of the cluster.", autocompletion=packs)
]
