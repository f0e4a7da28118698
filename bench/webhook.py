"""`python -m bench webhook`: from a push to `Ready`, and what a storm of deliveries costs.

A whole installation is at work: an API server, a PostgreSQL with fsync on, a Git server and
`packctl run`. Many other Packs are idle beside the one that is pushed to.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Annotated, Any

import psycopg
import typer
from kubernetes import client, watch
from pydantic import TypeAdapter
from rich.console import Console
from rich.progress import Progress

from bench.floor import PlainGit
from bench.gitrepos import folder, in_folder
from bench.storm import Host, most_resident, resident
from bench.tables import console, milliseconds, new_table
from controller.cli.output import Format, Output
from controller.pack.spec import GROUP, PLURAL, VERSION
from hack.gitbackend import Service
from hack.localcluster import ControlPlane, Postgres
from hack.packrepo import pack, workflow_yaml
from tests.e2e.attune import install_core
from tests.e2e.site import Site, installed
from tests.e2e.waiting import eventually
from tests.hooks.deliveries import TOKEN

_CRD = Path(__file__).parents[1] / "crds" / "attune.io_packs.yaml"
_PACK = "pushed"
_REPOSITORIES = 10
_PAUSE = 0.5
"""Between two pushes, in seconds: what comes faster for long, the controller spreads."""
_PATIENCE = 170.0
_SETTINGS = {"http_listen": "127.0.0.1:0", "webhook_tokens": TOKEN}
_COMMIT = "INSERT INTO floor VALUES (%s)"
_LEGEND = """\
Milliseconds. push to Ready: from the delivery's POST to the watch that shows Ready=True at the new
commit. floor: a plain `git fetch` of the same commit and one row committed. answer: the delivery's
own, one at a time. In the storms all connections send as fast as they get answers.
MiB: resident in the controller; during: the most. looks, fetches: counted by the Git server."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """One push with so many idle Packs beside it; all times in seconds."""

    idle: int
    ready: float
    answer: float
    fetch: float
    commit: float


@dataclass(frozen=True, slots=True)
class Storm:
    """Deliveries for one repository, all of one push; memory in bytes, times in seconds."""

    answers: list[float]
    wall: float
    before: int
    during: int
    after: int
    looks: int
    fetches: int


def webhook(
    packs: Annotated[int, typer.Option(min=0, help="Idle Packs, in ten repositories.")] = 1000,
    pushes: Annotated[int, typer.Option(min=2, help="How often is pushed.")] = 60,
    deliveries: Annotated[int, typer.Option(min=2, help="Deliveries of a storm.")] = 10_000,
    storms: Annotated[int, typer.Option(min=1, help="Storms, one after the other.")] = 2,
    connections: Annotated[int, typer.Option(min=1, help="That a storm comes over.")] = 4,
    output: Output = Format.TEXT,
) -> None:
    """Push to a repository, and have its host tell the controller, once and very often."""
    pushed, stormed = [], []
    with (
        Postgres(durable=True) as postgres,
        ControlPlane() as cluster,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        cluster.kubectl("apply", "--server-side", "-f", str(_CRD))
        cluster.wait_served("-f", str(_CRD))
        with installed(cluster, postgres, **_SETTINGS) as site:
            task = progress.add_task(f"{packs:,} idle Packs come up", total=None)
            bench = _Bench(site, packs)
            asked = bench.asked_by_idle()
            progress.update(task, description="pushes", total=pushes + storms, completed=0)
            for one in bench.pushes(pushes):
                pushed.append(one)
                progress.advance(task)
            progress.update(task, description="storms")
            for _ in range(storms):
                stormed.append(bench.storm(deliveries, connections))
                progress.advance(task)
            assert bench.asked_by_idle() == asked, "a push has woken Packs of other repositories"
    if output is Format.JSON:
        typer.echo(TypeAdapter(list[Pushed | Storm]).dump_json([*pushed, *stormed], indent=2))
    else:
        _show(pushed, stormed, connections)


class _Bench:
    """A site at work, whose idle Packs are all Ready, and the one Pack that is pushed to."""

    def __init__(self, site: Site, idle: int) -> None:
        self._site = site
        self._idle = idle
        self._repo = site.repo(_PACK)
        self._count = 0
        install_core(site.database)
        self._apply_idle()
        self._repo.commit(pack(_PACK))
        site.follow(_PACK)
        site.controller.start()
        eventually(self._is_all_ready, site.controller.text, seconds=_PATIENCE)
        address = site.controller.wait_for_line("listening")["http"]
        self._host = Host.of(address, site.git.url(_PACK))
        self._changes = self._watched()

    def asked_by_idle(self) -> int:
        """How many requests the Git server has had for the idle Packs."""
        return sum(self._site.git.count(f"idle-{number}") for number in range(_REPOSITORIES))

    def pushes(self, count: int) -> Iterator[Pushed]:
        """Each changes one workflow and is told of once; the floors are taken after it."""
        url = self._site.git.url(_PACK)
        with (
            tempfile.TemporaryDirectory() as place,
            closing(self._host.connect()) as kept,
            psycopg.connect(self._site.database, autocommit=True) as connection,
        ):
            plain = PlainGit(Path(place) / "plain.git", url)
            plain.fetch()
            connection.execute("CREATE TABLE floor (commit text)")
            for _ in range(count):
                time.sleep(_PAUSE)
                commit = self._push()
                begun = time.perf_counter()
                answer = self._host.deliver(kept)
                ready = self._arrived(commit) - begun
                fetch = plain.fetch()
                begun = time.perf_counter()
                connection.execute(_COMMIT, [commit])
                yield Pushed(self._idle, ready, answer, fetch, time.perf_counter() - begun)

    def storm(self, deliveries: int, connections: int) -> Storm:
        """One push, told of very often, and a last one that comes after all of them."""
        pid = self._site.controller.pid
        before, (looks, fetches) = resident(pid), self._looked()
        commit = self._push()
        with most_resident(pid) as most:
            begun = time.perf_counter()
            answers = self._host.storm(deliveries, connections)
            wall = time.perf_counter() - begun
            self._arrived(commit)
            last = self._push()
            with closing(self._host.connect()) as kept:
                self._host.deliver(kept)
            self._arrived(last)
        looked, fetched = self._looked()
        assert fetched == fetches + 2, f"two pushes took {fetched - fetches} fetches"
        return Storm(answers, wall, before, most[0], resident(pid), looked - looks, 2)

    def _push(self) -> str:
        self._count += 1
        ref = f"{_PACK}.workflow_001"
        text = workflow_yaml(ref, 8, label=f"Push {self._count}")
        return self._repo.commit({"workflows/workflow_001.yaml": text})

    def _arrived(self, commit: str) -> float:
        """When a watch showed the Pack Ready at the commit; its row must be the pushed one."""
        for change in self._changes:
            seen = change["object"]["status"]
            if commit in seen.get("lastAppliedRevision", "") and _is_ready(seen):
                at = time.perf_counter()
                row = self._site.definitions(_PACK)[f"{_PACK}.workflow_001"]
                assert row["label"] == f"Push {self._count}", row
                return at
        raise AssertionError("the watch has ended")

    def _looked(self) -> tuple[int, int]:
        count = self._site.git.count
        return count(_PACK, Service.LIST_REFS), count(_PACK, Service.FETCH)

    def _apply_idle(self) -> None:
        for repository in range(min(_REPOSITORIES, self._idle)):
            name = f"idle-{repository}"
            numbers = range(repository, self._idle, _REPOSITORIES)
            files = {path: text for one in numbers for path, text in in_folder(one).items()}
            self._site.repo(name).commit(files)
            for one in numbers:
                self._site.follow(f"idle-{one:04}", repo=name, git={"path": folder(one)})

    def _is_all_ready(self) -> bool:
        found = self._listed()["items"]
        return all(_is_ready(one.get("status", {})) for one in found)

    def _listed(self, **how: Any) -> Any:
        objects = client.CustomObjectsApi(self._site.api)
        place = (GROUP, VERSION, self._site.namespace, PLURAL)
        return objects.list_namespaced_custom_object(*place, **how)

    def _watched(self) -> Iterator[Any]:
        chosen = {"field_selector": f"metadata.name={_PACK}"}
        version = self._listed(**chosen)["metadata"]["resourceVersion"]
        place = (GROUP, VERSION, self._site.namespace, PLURAL)
        listing = client.CustomObjectsApi(self._site.api).list_namespaced_custom_object
        stream: Iterator[Any] = watch.Watch().stream(
            listing, *place, resource_version=version, **chosen
        )
        return stream


def _is_ready(status: dict[str, Any]) -> bool:
    conditions = status.get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _show(pushed: list[Pushed], storms: list[Storm], connections: int) -> None:
    out = console()
    title = f"{len(pushed)} pushes, {pushed[0].idle:,} idle Packs"
    table = new_table(title, "", "least", "p50", "p99", "most")
    table.add_row("push to Ready", *_spread([one.ready for one in pushed]))
    table.add_row("floor", *_spread([one.fetch + one.commit for one in pushed]))
    table.add_row("answer", *_spread([one.answer for one in pushed]))
    out.print(table)
    columns = ("answers/s", "p50", "p99", "most", "MiB before", "during", "after")
    table = new_table(f"storms over {connections} connections", "deliveries", *columns)
    for name in ("looks", "fetches"):
        table.add_column(name, justify="right")
    for one in storms:
        table.add_row(
            f"{len(one.answers):,}",
            f"{len(one.answers) / one.wall:,.0f}",
            *_spread(one.answers)[1:],
            *(f"{size / 2**20:.1f}" for size in (one.before, one.during, one.after)),
            f"{one.looks:,}",
            f"{one.fetches:,}",
        )
    out.print(table)
    out.print(_LEGEND)


def _spread(times: list[float]) -> list[str]:
    cuts = quantiles(times, n=100, method="inclusive")
    return [milliseconds(one) for one in (min(times), cuts[49], cuts[98], max(times))]
