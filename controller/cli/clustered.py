"""One Pack of the cluster, for commands that read it, change it and wait for what comes of that."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.text import Text

from controller.cli.asking import settings
from controller.cli.output import Exit, fail, say_why, screen
from controller.cli.progress import Progress
from controller.pack.identity import PackKey
from controller.pack.quantity import DURATION_PATTERN, seconds
from controller.pack.status import Condition, ConditionType

if TYPE_CHECKING:
    from controller.operator.cluster import Cluster
    from controller.operator.resource import Resource

_PAUSE = 0.3
_PANEL = "For a Pack of the cluster"

Namespace = Annotated[
    str | None,
    typer.Option("-n", "--namespace", help="Its namespace.", rich_help_panel=_PANEL),
]
Kubeconfig = Annotated[Path | None, typer.Option(help="kubeconfig file.", rich_help_panel=_PANEL)]
Wait = Annotated[
    bool,
    typer.Option("--wait", help="Wait until the controller has done it.", rich_help_panel=_PANEL),
]
Timeout = Annotated[
    str, typer.Option(help="How long to wait, such as 30s or 2m.", rich_help_panel=_PANEL)
]


@dataclass(frozen=True, slots=True)
class OnePack:
    """A Pack that is there, at the beginning; each method ends the command where it is gone."""

    key: PackKey
    cluster: Cluster

    def read(self) -> Resource:
        """It as it is now."""
        from controller.operator.resource import Resource

        return Resource(self._there(self.cluster.get_pack(self.key)))

    def patch(self, patch: dict[str, Any]) -> Resource:
        """It, after a merge patch."""
        from controller.operator.resource import Resource

        return Resource(self._there(self.cluster.patch_pack(self.key, patch)))

    def wait(self, what: str, fits: Callable[[Resource], bool], limit: float) -> Resource:
        """It, as soon as `fits` holds of it; ends the command after `limit` seconds."""
        until = time.monotonic() + limit
        with Progress() as progress:
            progress.say(what)
            while not fits(found := self.read()):
                if time.monotonic() > until:
                    fail(TimeoutError(_late(found, limit)))
                time.sleep(_PAUSE)
        return found

    def _there(self, body: dict[str, Any] | None) -> dict[str, Any]:
        if body is None:
            fail(ValueError(f"There is no Pack {self.key}. `kubectl get packs -A` lists all."))
        return body


@contextmanager
def a_cluster(kubeconfig: Path | None, *, instead: str = "") -> Iterator[tuple[Cluster, str]]:
    """The cluster and the namespace that is meant where none is named; the command ends where no
    cluster answers, also in the context. `instead` is what else could be meant and is not there."""
    # Kubernetes' libraries take a second to load, which no other command should wait for.
    from controller.operator.access import NoAccess, current_namespace, load_config
    from controller.operator.cluster import Cluster
    from controller.operator.request import ClusterError

    given = {"kubeconfig": kubeconfig} if kubeconfig else {}
    found = settings(**given)
    place = str(found.kubeconfig) if found.kubeconfig else None
    try:
        cluster = Cluster(load_config(place))
        with closing(cluster):
            yield cluster, current_namespace(place)
    except NoAccess as error:
        fail(ValueError(f"{instead} {error}".strip()))
    except ClusterError as error:
        fail(error)


@contextmanager
def one_pack(
    name: str, namespace: str | None, kubeconfig: Path | None, *, instead: str = ""
) -> Iterator[OnePack]:
    """The Pack of this name; the command ends as in `a_cluster`."""
    with a_cluster(kubeconfig, instead=instead) as (cluster, usual):
        yield OnePack(PackKey(namespace or usual, name), cluster)


def duration(text: str) -> float:
    """`--timeout` in seconds; ends the command where it is none."""
    if not re.fullmatch(DURATION_PATTERN, text) or not seconds(text):
        fail(ValueError(f"--timeout {text} is no duration: write it like 30s or 1m30s."))
    return seconds(text)


def ready(pack: Resource) -> Condition | None:
    """What Ready says of the spec as it is now, None while it says nothing of that."""
    status = pack.status()
    if status.observed_generation != pack.generation:
        return None
    found = (one for one in status.conditions if one.type is ConditionType.READY)
    return next(found, None)


def is_stalled(pack: Resource) -> bool:
    """Whether a person must act, or has stopped it."""
    found = ready(pack)
    kinds = {one.type for one in pack.status().conditions}
    is_suspended = found is not None and found.reason == "Suspended"
    return found is not None and (ConditionType.STALLED in kinds or is_suspended)


def refuse(pack: Resource) -> NoReturn:
    """End the command with what the controller says against it."""
    found = ready(pack)
    say_why(ValueError(f"{found.reason}: {found.message}" if found else "It was refused."))
    raise typer.Exit(Exit.REFUSED)


def good(said: str) -> None:
    """Say that something was done."""
    screen().print(Text.assemble(("✓ ", "bold green"), said), soft_wrap=True)


def _late(pack: Resource, limit: float) -> str:
    found = ready(pack)
    said = f" {found.reason}: {found.message}" if found else " The controller has not seen it yet."
    return f"Not done after {limit:g} s.{said}"
