"""The controller, or git alone, is killed at any step of its work on a mirror: what comes after has
the right files, and nothing half-made stays."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from controller.errors import Transient
from controller.source import place
from controller.source.git_source import GitSource
from tests.e2e.processes import Process, processes
from tests.source.backend import Backend, backend
from tests.source.dying import Job, follow, run, running
from tests.source.repository import Repository

SAFETY_NET = 20.0
ROOM_FOR_ONE = 500_000  # bytes, where each of two mirrors takes 300,000

OPEN = ["make cache", "open #.lock", "touch it", "make cache 2", "open #.lock 2", "remove #.new",
        "remove #.old", "git cat-file"]  # fmt: skip
MAKE = ["git init", "open config", "rename #.new #.git"]
TAKEN_APART = [
    "remove config", "remove info", "remove pack-#.idx", "remove pack-#.promisor",
    "remove pack-#.pack", "remove pack", "remove objects", "remove heads", "remove tags",
    "remove #", "remove pack 2", "remove refs", "remove HEAD", "remove shallow",
]  # fmt: skip
STEPS = {
    "first": [
        *OPEN, "remove #.new 2", "remove #.old 2", *MAKE, "git fetch", "remove #.new 3",
        "remove #.old 3", "git cat-file 2",
    ],
    "update": [*OPEN, "git fetch", "remove #.new 2", "remove #.old 2", "git cat-file 2"],
    "rebuild": [
        *OPEN, "git fetch", "remove #.new 2", "remove #.old 2", "remove #.new 3", "remove #.old 3",
        "rename #.git #.old", *TAKEN_APART, "remove #.old 4", "remove #.new 4", "remove #.old 5",
        *MAKE, "git fetch 2", "remove #.new 5", "remove #.old 6", "git cat-file 2",
    ],
    "evict": [
        *OPEN[:5], "make cache 3", "open #.lock 3", *OPEN[5:], "remove #.new 2", "remove #.old 2",
        "remove #.new 3", "remove #.old 3", *MAKE, "git fetch", "remove #.new 4", "remove #.old 4",
        "make cache 4", "open #.lock 4", "remove #.new 5", "remove #.old 5", "rename #.git #.old",
        *TAKEN_APART, "remove #.old 6", "remove #.lock", "git cat-file 2",
    ],
}  # fmt: skip
# Of each what the others do not have: all begin alike, and each folder is taken apart alike.
CASES = {
    "first": STEPS["first"],
    "update": STEPS["update"][len(OPEN) :],
    "rebuild": [step for step in STEPS["rebuild"][len(OPEN) :] if step not in TAKEN_APART],
    "evict": STEPS["evict"][STEPS["evict"].index("make cache 4") :],
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A job on a copy of the folder of mirrors `before`, and the files that it must end with."""

    before: Path
    url: str
    files: Mapping[str, bytes]

    def job(self, cache: Path) -> Job:
        if self.before.exists():
            shutil.copytree(self.before, cache)
        return Job(cache, self.url, ROOM_FOR_ONE)


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scenario]:
    root = tmp_path_factory.mktemp("scenarios")
    old, new = ({"v": content, "w": os.urandom(300_000)} for content in (b"old", b"new"))
    moved, other = Repository(root / "moved"), Repository(root / "other")
    moved.push(old)
    other.push(old)
    warm, damaged = root / "warm", root / "damaged"
    follow(Job(warm, moved.url)).fetch()
    moved.push({**old, "v": b"new"})
    shutil.copytree(warm, damaged)
    for shallow in damaged.glob("*.git/shallow"):
        shallow.write_text("rubbish")
    other.push(new)
    return {
        "first": Scenario(root / "none", other.url, new),
        "update": Scenario(warm, moved.url, {**old, "v": b"new"}),
        "rebuild": Scenario(damaged, moved.url, {**old, "v": b"new"}),
        "evict": Scenario(warm, other.url, new),
    }


@pytest.mark.parametrize("name", STEPS)
def test_the_lists_of_steps_are_complete(
    scenarios: dict[str, Scenario], cache: Path, tmp_path: Path, name: str
) -> None:
    """The order in which a folder is taken apart is that of the file system."""
    passed = run(scenarios[name].job(cache), "", tmp_path / "steps")
    assert sorted(passed) == sorted(STEPS[name])


@pytest.mark.parametrize(
    ("name", "step"), [(name, step) for name, steps in CASES.items() for step in steps]
)
def test_killed_at_a_step_the_next_process_has_the_right_files(
    scenarios: dict[str, Scenario], cache: Path, tmp_path: Path, name: str, step: str
) -> None:
    scenario = scenarios[name]
    job = scenario.job(cache)
    run(job, step, tmp_path / "steps")
    assert files(follow(job)) == scenario.files
    nothing_half_made_is_in(cache)


@pytest.fixture
def served(repository: Repository) -> Iterator[Backend]:
    repository.push(CONTENT)
    with backend(repository.path.parent) as server:
        yield server
        server.release()


CONTENT = {"v": b"1", "w": os.urandom(300_000)}


@pytest.mark.parametrize("size", [1, 1_000, 200_000])
def test_killed_while_objects_come_it_takes_git_along(
    served: Backend, cache: Path, tmp_path: Path, size: int
) -> None:
    """The server goes on to hang, so that git would live on for 20 s, and hold its mirror."""
    job = Job(cache, served.url("remote"), timeout=10.0)
    served.hold(size)
    with running(job, tmp_path / "steps") as controller:
        assert served.held.wait(SAFETY_NET)
        group = fetching(cache)
        controller.kill()
    served.size = None
    assert files(follow(job)) == CONTENT
    assert members(group) == []
    nothing_half_made_is_in(cache)


@pytest.mark.parametrize("program", [" fetch ", "remote-http", "index-pack"])
def test_a_part_of_git_killed_while_objects_come_takes_the_rest_along(
    served: Backend, cache: Path, program: str
) -> None:
    source = follow(Job(cache, served.url("remote")))
    served.hold(200_000)
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(files, source)
        assert served.held.wait(SAFETY_NET)
        served.size = None
        group = fetching(cache)
        killed = max(
            one.pid
            for one in members(group)
            if program in one.command and not one.command.startswith("sh ")
        )
        os.kill(killed, signal.SIGKILL)
        with suppress(Transient):
            assert fetched.result(SAFETY_NET / 2) == CONTENT
    assert members(group) == []
    assert files(source) == CONTENT
    nothing_half_made_is_in(cache)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("command", ["init", "fetch", "cat-file"])
def test_git_killed_before_or_after_its_work(
    served: Backend,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    when: str,
) -> None:
    (tmp_path / "bin").mkdir()
    shim = tmp_path / "bin" / "git"
    work = "" if when == "before" else '"$real" "$@"; '
    shim.write_text(
        f"#!/bin/sh\nreal={shutil.which('git')}\n"
        f'case " $* " in *" {command} "*)'
        f" mkdir {tmp_path}/once 2>/dev/null && {{ {work}kill -KILL $$; }};; esac\n"
        'exec "$real" "$@"\n'
    )
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}:{os.environ['PATH']}")
    source = follow(Job(cache, served.url("remote")))
    with suppress(Transient):
        source.fetch()
    assert (tmp_path / "once").exists()
    assert files(source) == CONTENT
    nothing_half_made_is_in(cache)


def files(source: GitSource) -> dict[str, bytes]:
    """Of each file its content, as it is read."""
    found = {entry.path: entry.oid for entry in source.fetch().entries}
    contents = source.read(list(found.values()))
    return {path: contents[oid] for path, oid in found.items()}


def nothing_half_made_is_in(cache: Path) -> None:
    mirrors = list(cache.glob("*.git"))
    both = [*mirrors, *(path.with_suffix(".lock") for path in mirrors)]
    assert sorted(cache.iterdir()) == sorted(both)
    for mirror in mirrors:
        found = place.survey(mirror)
        assert (found.leftovers, found.is_strange) == ((), False)


def fetching(cache: Path) -> int:
    """The process group that fetches into a folder of mirrors."""
    (git,) = [
        one.group
        for one in processes()
        if f"--git-dir={cache}" in one.command and one.pid == one.group
    ]
    return git


def members(group: int) -> list[Process]:
    """Those of a process group that still run."""
    return [one for one in processes() if one.group == group and one.state != "Z"]
