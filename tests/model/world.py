"""Two controllers, a few Packs, and the oracle that says what must come of what they do."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from controller.errors import PackError, Reason
from controller.operator.resource import Resource
from controller.pack.identity import AskedBy
from controller.pack.outcome import Outcome
from controller.pack.spec import DeletionPolicy, PackSpec
from controller.pack.status import PackStatus
from controller.reconcile import Asked, Reconciler
from controller.reconcile.asked import Asker
from controller.source.mirrors import Mirrors
from controller.source.urls import Scheme
from controller.status import Circumstances, render, suspended
from controller.store import DatabaseSettings, Store
from controller.validate import Memo
from tests.model.database import Database
from tests.model.oracle import Expected, Look, Oracle, Terms, visible
from tests.model.repository import GitRepository, Repository, Watched

KEEP = 3
"""Revisions that are kept."""
_NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def _nothing() -> None:
    """Nobody interferes."""


class Killed(BaseException):
    """The end of a controller, in the middle of its work."""


class Controller:
    """A controller's core. It dies at a statement if that is wanted."""

    def __init__(self, url: str) -> None:
        self.store = Store(DatabaseSettings(url, max_connections=2), on_statement=self._hear)
        self.fatal = 0
        self.restart()

    def restart(self) -> None:
        """Forget what was checked before."""
        self.reconciler = Reconciler(self.store, Memo())

    def _hear(self, _statement: str) -> None:
        self.fatal -= 1
        if self.fatal == 0:
            raise Killed


@dataclass(slots=True)
class Pack:
    """A Pack resource, as the API server has it."""

    uid: str
    repository: Repository
    spec: dict[str, Any]
    generation: int = 1
    status: PackStatus = field(default_factory=PackStatus)

    @property
    def resource(self) -> Resource:
        metadata = {
            "uid": self.uid, "namespace": "team", "name": "pack", "generation": self.generation
        }  # fmt: skip
        status = self.status.model_dump(mode="json", by_alias=True, exclude_none=True)
        return Resource({"metadata": metadata, "spec": self.spec, "status": status})

    @property
    def terms(self) -> Terms:
        spec = PackSpec.model_validate(self.spec)
        return Terms(
            update_existing=spec.update_existing,
            prune=spec.prune,
            allow_empty=spec.allow_empty,
            skips_invalid=spec.validation.on_invalid.value == "Skip",
            drift=spec.drift_policy.value,
        )


class World:
    """One database and all around it; `begin` makes it new.

    In a `folder`, repositories are git's, which takes far longer.
    """

    def __init__(self, url: str, folder: Path | None = None) -> None:
        self.url = url
        self.database = Database(url)
        self.controllers = (Controller(url), Controller(url))
        self.looks = 0
        self._folder = folder
        self._runs = 0

    def __enter__(self) -> Self:
        for one in self.controllers:
            one.store.open()
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.controllers:
            one.store.close()
        self.database.close()

    def begin(self) -> None:
        """Everything as on the first day."""
        self.database.empty()
        self.oracle = Oracle()
        self._runs += 1
        self.repositories = {ref: self._repository(ref) for ref in ("alpha", "beta")}
        self.packs: dict[str, Pack] = {}
        self._uids = itertools.count(1)
        self._sequence = itertools.count(1)
        for one in self.controllers:
            one.restart()

    def _repository(self, ref: str) -> Repository:
        if self._folder is None:
            return Repository(ref)
        folder = self._folder / str(self._runs)
        mirrors = [Mirrors(folder / str(which), frozenset([Scheme.FILE])) for which in range(2)]
        return GitRepository(ref, folder, mirrors)

    def create(self, slot: str, ref: str) -> None:
        repository = self.repositories[ref]
        spec = {"git": {"url": repository.url}, "historyLimit": KEEP}
        self.packs[slot] = Pack(f"{slot}-{next(self._uids)}", repository, spec)

    def edit(self, slot: str, **fields: Any) -> None:
        pack = self.packs[slot]
        pack.spec = {**pack.spec, **fields}
        pack.generation += 1

    def reconcile(
        self,
        slot: str,
        which: int,
        *,
        between: Callable[[], None] = _nothing,
        forgotten: bool = False,
        lost: bool = False,
    ) -> None:
        """What the operator does with a Pack whose turn it is, and a look at what came of it.

        `between` happens while it works, `forgotten` is that the status is not known, and `lost`
        that the one it makes never arrives.
        """
        pack, controller = self.packs[slot], self.controllers[which]
        around, terms = Circumstances(pack.generation, _NOW), pack.terms
        spec = PackSpec.model_validate(pack.spec)
        if spec.suspend:
            pack.status = suspended(pack.status, around)
            return
        failed: list[Exception] = []

        def watched() -> None:
            # A reconcile never raises: what fails in its middle would be taken for its own.
            try:
                between()
            except Exception as error:  # noqa: BLE001  # raised again below
                failed.append(error)

        source = Watched(pack.repository, which, self._sequence.__next__, watched)
        asked = Asked(
            pack.resource.owner,
            pack.generation,
            spec,
            source,
            reported="" if forgotten else pack.resource.reported,
            drift="" if forgotten else pack.resource.drift,
        )
        before = self.database.versions()
        outcome = controller.reconciler.reconcile(asked)
        for error in failed:
            raise error
        number = spec.rollback.revision if spec.rollback else 0
        drawn = next(self._sequence) if number else source.number
        look = Look(pack.uid, around.generation, terms, source.seen, drawn)
        expected = self._expected(look, number, outcome)
        if between is _nothing:
            ref = self.oracle.claimed(pack.uid) if number else source.seen.ref
            self._only_written(before, expected, ref or "")
        reason = outcome.failure.error.reason if outcome.failure else None
        assert reason == expected.reason, outcome.failure
        self.check()
        if not lost:
            pack.status = render(outcome, pack.status, around)
        self._tidy(controller, spec, outcome)

    def _expected(self, look: Look, number: int, outcome: Outcome) -> Expected:
        """What comes of it. A look that finds its tree applied may leave it at that, and then a
        whole sync would have changed nothing but which commit the claim names."""
        supposed = deepcopy(self.oracle) if outcome.verified_unchanged else self.oracle
        expected = supposed.roll_back(look, number) if number else supposed.reconcile(look)
        if supposed is self.oracle:
            return expected
        assert expected.reason in (None, Reason.SUPERSEDED)
        assert _rows(supposed) == _rows(self.oracle)
        return Expected()

    def _only_written(self, before: Mapping[str, str], expected: Expected, pack: str) -> None:
        """No row has a new version but those that had to be written."""
        after = self.database.versions()
        touched = {name for name in before.keys() & after.keys() if before[name] != after[name]}
        allowed = {f"{kind} {ref}" for ref in expected.written for kind in ("definition", "action")}
        if expected.writes_pack:
            allowed.add(f"pack {pack}")
        assert touched <= allowed, (touched, allowed)

    def _tidy(self, controller: Controller, spec: PackSpec, outcome: Outcome) -> None:
        try:
            controller.reconciler.tidy(spec, outcome)
        except Killed:
            controller.reconciler.tidy(spec, outcome)  # as after the next sync
        if outcome.applied and outcome.applied.wrote:
            pinned = spec.rollback.revision if spec.rollback else 0
            self.oracle.tidy(outcome.applied.pack_ref, KEEP, pinned)
            self.check()

    def killed(self, slot: str, which: int, at: int) -> None:
        """A reconcile that ends at its statement number `at`, if it has so many."""
        controller = self.controllers[which]
        controller.fatal = at
        try:
            self.reconcile(slot, which)
        except Killed:
            controller.restart()
        finally:
            controller.fatal = 0
        self.check()

    def delete(self, slot: str, which: int, policy: DeletionPolicy) -> None:
        """Delete a Pack, which stays while executions hold it up."""
        pack = self.packs[slot]
        reason = None
        try:
            asker = Asker(pack.resource.owner, pack.generation, AskedBy.DELETION)
            self.controllers[which].reconciler.remove(asker, policy)
        except PackError as error:
            reason = error.reason
        if policy is DeletionPolicy.RETAIN:
            self.oracle.release(pack.uid)
            wanted = None
        else:
            wanted = self.oracle.remove(pack.uid)
        assert reason is wanted
        self.check()
        if reason is None:
            del self.packs[slot]

    def check(self) -> None:
        """Hold the database against the oracle."""
        found, wanted = self.database.visible(), visible(self.oracle)
        for name, rows in wanted.items():
            assert found[name] == _listed(rows), name
        assert self.database.unrecorded() == []
        self.looks += 1


def _rows(oracle: Oracle) -> Mapping[str, object]:
    return {**visible(oracle), "claims": None}


def _listed(value: Any) -> Any:
    """`value` as JSON has it."""
    return json.loads(json.dumps(value))
