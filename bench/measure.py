"""One measuring process: a job as JSON on standard input, samples as JSON on standard output.

A process of its own for each round, so that nothing is warm and the memory is that of one size.
Does what the operator does with one Pack, without Kubernetes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
from pydantic import TypeAdapter

from bench.figures import Case, Job, Sample
from bench.floor import PlainGit, copy_floor
from bench.written import versions, written
from controller.pack.identity import Owner
from controller.pack.outcome import Outcome
from controller.pack.spec import PackSpec
from controller.reconcile import Asked, Reconciler, asked_source
from controller.source.mirrors import Mirrors
from controller.source.urls import Scheme
from controller.store import DatabaseSettings, Plan, Store, make_plan
from controller.validate import Memo
from hack.packrepo import PackRepo

_OWNER = Owner(uid="5f2c", namespace="bench", name="bench")


@dataclass(slots=True)
class Heard:
    """What the product told its observers since the last `clear`."""

    steps: dict[str, float] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)
    plan: float = 0.0

    def clear(self) -> None:
        """Forget it."""
        self.steps, self.plan = {}, 0.0
        self.statements.clear()

    def on_step(self, name: str, seconds: float) -> None:
        """The reconciler's observer."""
        self.steps[name] = seconds

    def on_statement(self, name: str) -> None:
        """The store's observer."""
        self.statements.append(name)

    def timed_plan(self, *arguments: Any) -> Plan:
        """`make_plan`, with a look at the clock before and after."""
        started = time.perf_counter()
        plan = make_plan(*arguments)
        self.plan += time.perf_counter() - started
        return plan


class Life:
    """One Pack, its database, its mirror, and what watches over them."""

    def __init__(
        self, job: Job, store: Store, connection: psycopg.Connection[Any], heard: Heard
    ) -> None:
        self._history = job.history
        self._repo = PackRepo(Path(job.history.path))
        self._plain = PlainGit(Path(job.folder, "plain.git"), job.history.url)
        self._mirrors = Path(job.folder, "mirrors")
        self._spec = PackSpec.model_validate({"git": {"url": job.history.url}})
        mirrors = Mirrors(self._mirrors, frozenset([Scheme.HTTP]))
        self._source = asked_source(self._spec, mirrors)
        self._reconciler = Reconciler(store, Memo(), on_step=heard.on_step)
        self._connection = connection
        self._heard = heard
        self._reported = ""

    def samples(self) -> Iterator[Sample]:
        """One sample for each reconcile, from the first to the last."""
        history = self._history
        yield self._push(Case.FIRST, history.base, rows=history.workflows)
        for commit in history.changes:
            yield self._again()
            yield self._push(Case.CHANGED, commit, rows=1)
        yield self._push(Case.PRUNED, history.prune, rows=0)

    def _push(self, case: Case, commit: str, *, rows: int) -> Sample:
        self._repo.force("main", commit)
        sample = self._sample(case, self._plain.fetch())
        return replace(sample, copy_floor=copy_floor(self._connection, rows)[0] if rows else 0.0)

    def _again(self) -> Sample:
        before = self._objects()
        sample = self._sample(Case.AGAIN, self._plain.look())
        assert self._objects() == before, "the same commit again was fetched"
        return sample

    def _objects(self) -> frozenset[Path]:
        return frozenset(self._mirrors.glob("*.git/objects/**/*"))

    def _sample(self, case: Case, git_floor: float) -> Sample:
        before = versions(self._connection)
        asked = Asked(_OWNER, 1, self._spec, self._source, reported=self._reported)
        self._heard.clear()
        _forget_peak_memory()
        started = time.perf_counter()
        outcome = self._reconciler.reconcile(asked)
        total = time.perf_counter() - started
        memory = _peak_memory()
        rows = written(before, versions(self._connection))
        _check(case, outcome, rows, self._history.workflows)
        self._reported = str(outcome.revision)
        return Sample(
            workflows=self._history.workflows,
            case=case,
            total=total,
            steps=self._heard.steps,
            plan=self._heard.plan,
            statements=tuple(self._heard.statements),
            rows_written=rows,
            peak_memory=memory,
            git_floor=git_floor,
            copy_floor=0.0,
        )


def _check(case: Case, outcome: Outcome, rows: int, workflows: int) -> None:
    """Fast and wrong is no result."""
    assert outcome.failure is None, outcome.failure
    if case is Case.AGAIN:
        assert outcome.verified_unchanged
        assert rows == 0, f"the same commit again wrote {rows} rows"
        return
    applied = outcome.applied
    assert applied is not None
    done = (applied.created, applied.updated, applied.pruned)
    assert (
        done
        == {
            Case.FIRST: (workflows, 0, 0),
            Case.CHANGED: (0, 1, 0),
            Case.PRUNED: (0, 0, min(10, workflows - 1)),
        }[case]
    ), f"{case}: {done}"
    # Up to three rows for a workflow; beside them those of the pack, the claim and the revision.
    assert 3 * sum(done) < rows <= 3 * sum(done) + 3, f"{case}: {rows} rows"


# `ru_maxrss` would not do: a new program inherits the peak of the one that started it.
def _forget_peak_memory() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak_memory() -> int:
    """Bytes resident at most since `_forget_peak_memory` (VmHWM of proc(5))."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return 1024 * int(kilobytes)


def main() -> None:
    """Measure the job on standard input."""
    job = TypeAdapter(Job).validate_json(sys.stdin.buffer.read())
    heard, line = Heard(), TypeAdapter(Sample)
    settings = DatabaseSettings(job.database)
    with (
        mock.patch("controller.store.sync.make_plan", heard.timed_plan),
        psycopg.connect(job.database, autocommit=True) as connection,
        Store(settings, on_statement=heard.on_statement) as store,
    ):
        store.prepare()
        for sample in Life(job, store, connection, heard).samples():
            sys.stdout.write(line.dump_json(sample).decode() + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
