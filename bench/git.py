"""`python -m bench git`: what looks and fetches cost, beside plain git on the same repositories.

The server is a process of its own; CPU is that of this process and of the git processes it starts.
"""

from __future__ import annotations

import itertools
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.floor import PlainGit
from bench.gitrepos import folder, large, touch
from bench.gitserving import serving
from controller.cli.output import Format, Output
from controller.pack.source import Look
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from controller.source.urls import Scheme
from hack.packrepo import PackRepo

_MAIN = GitReference(ReferenceKind.BRANCH, "main")
_LEGEND = """\
Milliseconds of the clock and of CPU (own and of git processes), medians; least is the best round.
A look that finds nothing new, and one that brings a commit of one changed file, each beside what
plain git takes for the same (`ls-remote` of one branch, `fetch --depth=1`)."""
_CROWD_LEGEND = """\
All Packs come up once. quiet: nothing has moved. pushed: each repository has a commit that changes
one of its packs. ms and CPU are of all Packs together; looks and fetches were counted here."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One piece of work: seconds on the clock, and seconds of CPU."""

    what: str
    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """All Packs, once: `looks` and `fetches` of all repositories."""

    packs: int
    repositories: int
    case: str
    wall: float
    cpu: float
    looks: int
    fetches: int


def git(
    rounds: Annotated[int, typer.Option(min=1, help="How often each is measured.")] = 15,
    packs: Annotated[int, typer.Option(min=1, help="Packs in all.")] = 1000,
    commits: Annotated[int, typer.Option(min=1, help="Commits of the large repository.")] = 5000,
    files: Annotated[int, typer.Option(min=1, help="Files of the large repository.")] = 20_000,
    output: Output = Format.TEXT,
) -> None:
    """Look at repositories and fetch from them, beside plain git in the same run."""
    with (
        tempfile.TemporaryDirectory() as place,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        root = Path(place)
        task = progress.add_task("writing the large repository", total=None)
        repo = large(root / "served" / "large.git", commits=commits, files=files, packs=packs)
        with serving(root / "served") as url:
            progress.update(task, description="one repository")
            costs = list(_one(repo, f"{url}large.git", root, rounds))
            crowds = []
            for count in sorted({1, min(10, packs), packs}):
                progress.update(task, description=f"{packs:,} Packs on {count:,} repositories")
                crowds += list(_crowd(root, url, repo, packs, count))
    if output is Format.JSON:
        typer.echo(TypeAdapter(list[Cost | Crowd]).dump_json([*costs, *crowds], indent=2))
        return
    _show(costs, crowds)


def _one(repo: PackRepo, url: str, root: Path, rounds: int) -> Iterator[Cost]:
    """Ours and plain git's in turn, so that a busy machine disturbs both alike."""
    plain = PlainGit(root / "plain.git", url)
    source = GitSource(_mirrors(root / "one"), GitTarget(url, _MAIN, folder(0)))
    yield _timed("first fetch, plain git", plain.fetch)
    yield _timed("first fetch", source.fetch)
    for number in range(rounds):
        yield _timed("look, plain git", plain.look)
        yield _timed("look", source.fetch)
        touch(repo, 0, f"round {number}")
        yield _timed("new commit, plain git", plain.fetch)
        yield _timed("new commit", source.fetch)


def _crowd(root: Path, url: str, one: PackRepo, packs: int, count: int) -> Iterator[Crowd]:
    """`packs` sources, shared out among `count` repositories."""
    repos = [one] if count == 1 else _small(root / "served", packs, count)
    names = [repo.path.name for repo in repos]
    mirrors = _mirrors(root / f"crowd-{count}")
    sources = [
        GitSource(mirrors, GitTarget(f"{url}{names[number % count]}", _MAIN, folder(number)))
        for number in range(packs)
    ]
    _all(sources)
    for case in ("quiet", "pushed"):
        if case == "pushed":
            for number, repo in enumerate(repos):
                touch(repo, number, "pushed")
        before = _fetched(root / f"crowd-{count}")
        cost, looks = _counted(sources)
        fetches = _fetched(root / f"crowd-{count}") - before
        yield Crowd(packs, count, case, cost.wall, cost.cpu, looks, fetches)


def _counted(sources: list[GitSource]) -> tuple[Cost, int]:
    """How long a round takes, and how many looks it made."""
    looks = itertools.count()
    cost = _timed("all", lambda: _all(sources, lambda: next(looks)))
    return cost, next(looks)


def _all(sources: list[GitSource], number: Callable[[], int] = lambda: 0) -> None:
    since = time.monotonic()
    for source in sources:
        source.observe(Look(since, number))


def _small(root: Path, packs: int, count: int) -> list[PackRepo]:
    made = []
    for number in range(count):
        repo = PackRepo(root / f"small-{count}-{number}.git")
        for place in range(number, packs, count):
            touch(repo, place, "first")
        made.append(repo)
    return made


def _mirrors(root: Path) -> Mirrors:
    return Mirrors(root, frozenset([Scheme.HTTP]))


def _fetched(root: Path) -> int:
    return len(list(root.glob("*.git/objects/pack/*.pack")))


def _timed(what: str, work: Callable[[], object]) -> Cost:
    cpu, started = _cpu(), time.perf_counter()
    work()
    return Cost(what, time.perf_counter() - started, _cpu() - cpu)


def _cpu() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _show(costs: list[Cost], crowds: list[Crowd]) -> None:
    out = Console(width=None if Console().is_terminal else 100)
    table = _table("one repository", "", "least", "median", "CPU")
    for what in dict.fromkeys(one.what for one in costs):
        these = [one for one in costs if one.what == what]
        wall, cpu = [one.wall for one in these], [one.cpu for one in these]
        table.add_row(what, _ms(min(wall)), _ms(median(wall)), _ms(median(cpu)))
    out.print(table)
    out.print(_LEGEND)
    table = _table("Packs", "", "repositories", "ms", "CPU", "CPU a Pack", "looks", "fetches")
    for one in crowds:
        table.add_row(
            f"{one.packs:,} Packs, {one.case}",
            f"{one.repositories:,}",
            _ms(one.wall),
            _ms(one.cpu),
            _ms(one.cpu / one.packs),
            f"{one.looks:,}",
            f"{one.fetches:,}",
        )
    out.print(table)
    out.print(_CROWD_LEGEND)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column else "left")
    return table


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.2f}"
