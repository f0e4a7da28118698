"""`python -m bench validate`: what checking a workflow costs, beside a bare load of its YAML."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from resource import RUSAGE_CHILDREN, getrusage
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.progress import Progress

from bench.figures import Timing
from bench.tables import show_timings
from bench.workflows import workflows
from controller.load.select import select
from controller.load.tree import parse
from controller.memory import collect_rarely
from controller.pack.report import Report
from controller.pack.tree import Entry, EntryKind, PackTree, Revision
from controller.validate import (
    Checked,
    CheckedManifest,
    CheckedSettings,
    Memo,
    check_pack,
    examine,
)

_PACK = "bench"
_LARGEST = 1024 * 1024
_PART = 250
"""Files that a process of a pool gets at a time."""


@dataclass(frozen=True, slots=True)
class Files:
    """A pack's workflow files as Git gives them: what there is, and the content of each."""

    tree: PackTree
    contents: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to go through all files."""

    what: str
    files: Files
    go: Callable[[Files], None]


def validate(
    sizes: Annotated[
        str, typer.Option(help="Workflow files, separated by commas.")
    ] = "1000,5000,20000",
    rounds: Annotated[int, typer.Option(min=1, help="How often each is measured.")] = 5,
) -> None:
    """Check workflow files in memory, and print what one costs beside a bare load of its YAML."""
    collect_rarely()
    texts = [(path, text.encode()) for path, text in workflows(_PACK, max(_counts(sizes)))]
    show_timings(measure(_ways([_files(texts[:count]) for count in _counts(sizes)]), rounds))


def _counts(sizes: str) -> list[int]:
    return sorted(int(size) for size in sizes.split(","))


def _files(contents: list[tuple[str, bytes]]) -> Files:
    entries = tuple(Entry(path, EntryKind.FILE, path, len(data)) for path, data in contents)
    return Files(PackTree(Revision("main", "0" * 40), None, "1" * 40, entries), dict(contents))


def _ways(sizes: list[Files]) -> list[Way]:
    """Every way for the fewest files; for more, whether the time grows as they do."""
    few, *more = sizes
    return [
        Way("bare C load", few, load),
        Way("parse, with positions", few, parse_all),
        Way("whole check", few, check),
        Way("whole check, 1 process beside", few, Pooled(1)),
        Way("whole check, 2 processes beside", few, Pooled(2)),
        *(Way("whole check", each, check) for each in more),
        *(Way("whole check, 2 processes beside", each, Pooled(2)) for each in more[-1:]),
    ]


def measure(ways: list[Way], rounds: int) -> list[Timing]:
    """All rounds of all ways, one after the other, so that a busy machine disturbs each alike."""
    timings = [Timing(way.what, tuple(map(len, way.files.contents.values()))) for way in ways]
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=rounds * len(ways))
        for number in range(1, rounds + 1):
            for way, timing in zip(ways, timings, strict=True):
                count = len(way.files.contents)
                what = f"round {number} of {rounds}: {way.what}, {count:,} files"
                progress.update(task, description=what)
                _measure_once(way, timing)
                progress.advance(task)
    return timings


def _measure_once(way: Way, timing: Timing) -> None:
    gc.collect()
    wall, cpu = time.perf_counter(), _cpu()
    way.go(way.files)
    timing.wall.append(time.perf_counter() - wall)
    timing.cpu.append(_cpu() - cpu)


def _cpu() -> float:
    """CPU seconds of this process, and of its children that have ended."""
    children = getrusage(RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def load(files: Files) -> None:
    """PyYAML's own C loader, which knows neither positions nor YAML 1.2."""
    for data in files.contents.values():
        yaml.load(data, Loader=yaml.CSafeLoader)


def parse_all(files: Files) -> None:
    """The node trees alone."""
    for path, data in files.contents.items():
        report = Report(path)
        assert parse(data.decode(), report) is not None, report.diagnostics()


def check(files: Files) -> None:
    """From bytes to what would be stored, as in the first reconcile of a pack."""
    _assert_valid(_checked(files), files)


def _checked(files: Files) -> Checked:
    selection = select(files.tree, max_file_size=_LARGEST)
    recall = Memo().recall(selection, _PACK)
    manifest = CheckedManifest(None, _PACK, ())
    return check_pack(examine(manifest, CheckedSettings(), files.contents, recall), {}, None)


def _assert_valid(checked: Checked, files: Files) -> None:
    """Fast and wrong is no result."""
    assert checked.diagnostics == (), checked.diagnostics[0]
    assert len(checked.workflows) == len(files.contents)


@dataclass(frozen=True, slots=True)
class Pooled:
    """The same in so many processes, which start for it and hand back what they found."""

    processes: int

    def __call__(self, files: Files) -> None:
        """Check a part of the files in each."""
        contents = list(files.contents.items())
        starts = range(0, len(contents), _PART)
        parts = [_files(contents[start : start + _PART]) for start in starts]
        # A process with threads, as the controller is, cannot be forked safely.
        spawn = get_context("spawn")
        with ProcessPoolExecutor(self.processes, mp_context=spawn) as pool:
            for checked, part in zip(pool.map(_checked, parts), parts, strict=True):
                _assert_valid(checked, part)
