"""What may happen, in any order: pushes, hands in the database, edits and deletions of Packs, and
controllers that work, overtake each other and die.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from psycopg.types.json import Jsonb

from controller.pack.spec import DeletionPolicy
from tests.model.oracle import Row
from tests.model.repository import File, Health, Snapshot
from tests.model.world import World
from tests.store.by_hand import insert_action, insert_definition, insert_pack, run_execution

_NAMES = ("a", "b", "c")
_PACKS = ("alpha", "beta")
_REFS = [f"{pack}{again}.{name}" for pack in _PACKS for again in ("", "2") for name in _NAMES]
_ENTRYPOINT = "workflows/a.workflow.yaml"
_SLOTS = {"one": "alpha", "two": "beta", "rival": "alpha"}

refs = st.sampled_from(_REFS)
names = st.sampled_from(_NAMES)
packs = st.sampled_from(_PACKS)
slots = st.sampled_from(sorted(_SLOTS))
all_packs = st.sampled_from(sorted({ref.partition(".")[0] for ref in _REFS}))
controllers = st.integers(0, 1)
picks = st.integers(0, 5)
numbers = st.integers(1, 3)
files = st.builds(
    File,
    st.sampled_from([*_NAMES, "other"]),
    st.sampled_from(["yaml", "yml"]),
    numbers,
    st.integers(0, 1),
    st.sampled_from([*[Health.GOOD] * 6, Health.INVALID, Health.BROKEN]),
)
specs = st.sampled_from(
    [
        {"updateExisting": False}, {"updateExisting": True},
        {"prune": False}, {"prune": True},
        {"allowEmpty": True}, {"allowEmpty": False},
        {"driftPolicy": "Correct"}, {"driftPolicy": "Warn"}, {"driftPolicy": "Ignore"},
        {"suspend": True}, {"suspend": False},
        {"validation": {"onInvalid": "Skip"}}, {"validation": {"onInvalid": "Block"}},
    ]
)  # fmt: skip
commits = st.dictionaries(names, st.one_of(st.none(), files), min_size=1, max_size=3)


def _pick(found: Collection[str], nth: int) -> str:
    return sorted(found)[nth % len(found)]


def _has_definitions(machine: Machine) -> bool:
    return bool(machine.world.oracle.definitions)


def _has_actions(machine: Machine) -> bool:
    return bool(machine.world.oracle.actions)


def _has_packs(machine: Machine) -> bool:
    return bool(machine.world.oracle.packs)


def _has_resources(machine: Machine) -> bool:
    return bool(machine.world.packs)


class Machine(RuleBasedStateMachine):
    """One history of a world. Rules that make no sense at a time do nothing."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.world.begin()
        for slot in ("one", "two"):
            self.world.create(slot, _SLOTS[slot])

    # The repository.

    @rule(pack=packs, changes=commits, version=numbers)
    def push(self, pack: str, changes: dict[str, File | None], version: int) -> None:
        repository = self.world.repositories[pack]
        head = repository.head
        found: dict[str, File | None] = {**head.files, **changes}
        kept = {name: file for name, file in found.items() if file is not None}
        if len({file.stem for file in kept.values()}) == len(kept):
            repository.push(Snapshot(head.ref, "", version, kept))

    @rule(pack=packs, back=numbers)
    def force_push(self, pack: str, back: int) -> None:
        self.world.repositories[pack].force(back)

    @rule(pack=packs)
    def change_ref(self, pack: str) -> None:
        repository = self.world.repositories[pack]
        ref = f"{pack}2" if repository.head.ref == pack else pack
        repository.push(replace(repository.head, ref=ref))

    # Hands in the database.

    @precondition(_has_definitions)
    @rule(nth=picks, right=st.booleans())
    def edit_definition(self, nth: int, right: bool) -> None:
        """Change it, or put it right: a row that is as it was is intact, whoever wrote it last."""
        ref = _pick(self.world.oracle.definitions, nth)
        label = ref if right else "by hand"
        self.world.oracle.definitions[ref].label = label
        self._set("workflow_definition", ref, label=label)

    @precondition(_has_actions)
    @rule(nth=picks, right=st.booleans(), timeout=numbers)
    def edit_action(self, nth: int, right: bool, timeout: int) -> None:
        """Its time limit is an operator's, which no sync touches."""
        ref = _pick(self.world.oracle.actions, nth)
        row = self.world.oracle.actions[ref]
        row.label, row.edited = ref if right else "by hand", timeout
        self._set("action", ref, label=row.label, timeout_seconds=timeout)

    @precondition(_has_definitions)
    @rule(nth=picks)
    def delete_definition(self, nth: int) -> None:
        ref = _pick(self.world.oracle.definitions, nth)
        self.world.oracle.delete_definition(ref)
        self._delete("workflow_definition", ref)

    @precondition(_has_actions)
    @rule(nth=picks)
    def delete_action(self, nth: int) -> None:
        ref = _pick(self.world.oracle.actions, nth)
        self.world.oracle.actions.pop(ref)
        self._delete("action", ref)

    @precondition(_has_actions)
    @rule(nth=picks)
    def unlink_action(self, nth: int) -> None:
        ref = _pick(self.world.oracle.actions, nth)
        self.world.oracle.actions[ref].linked = False
        self._set("action", ref, workflow_def=None)

    @precondition(_has_packs)
    @rule(ref=refs, with_action=st.booleans())
    def add_workflow(self, ref: str, with_action: bool) -> None:
        """As Attune's own registrar and its interface do; it is never pruned."""
        oracle, pack = self.world.oracle, ref.partition(".")[0]
        if pack not in oracle.packs or ref in oracle.definitions or ref in oracle.actions:
            return
        oracle.definitions[ref] = Row(pack, "by hand", None)
        if with_action:
            oracle.actions[ref] = Row(pack, "by hand", None, _ENTRYPOINT)
        insert_definition(self.world.url, ref, with_action=with_action, pack=pack)

    @precondition(_has_packs)
    @rule(ref=refs, entrypoint=st.sampled_from([_ENTRYPOINT, "run.sh"]))
    def add_action(self, ref: str, entrypoint: str) -> None:
        oracle, pack = self.world.oracle, ref.partition(".")[0]
        if pack in oracle.packs and ref not in oracle.actions:
            oracle.actions[ref] = Row(pack, "by hand", None, entrypoint, linked=False)
            insert_action(self.world.url, ref, pack=pack, entrypoint=entrypoint)

    @precondition(_has_definitions)
    @rule(nth=picks)
    def start_execution(self, nth: int) -> None:
        ref = _pick(self.world.oracle.definitions, nth)
        self.world.oracle.running.add(ref)
        run_execution(self.world.url, ref, "running")

    @precondition(lambda self: self.world.oracle.running)
    @rule()
    def end_executions(self) -> None:
        self.world.oracle.running.clear()
        self.world.database.do("UPDATE attune.workflow_execution SET status = 'completed'")

    @precondition(_has_packs)
    @rule(nth=picks, config=numbers, version=st.sampled_from([None, "1.0.1", "9.9.9"]))
    def edit_pack_row(self, nth: int, config: int, version: str | None) -> None:
        """Its configuration is an operator's, too."""
        pack = _pick(self.world.oracle.packs, nth)
        row = self.world.oracle.packs[pack]
        row.config = config
        self._set("pack", pack, config=Jsonb({"hand": config}))
        if version and row.said != "by hand":
            row.said = version
            self._set("pack", pack, version=version)

    @rule(pack=all_packs)
    def add_pack_row(self, pack: str) -> None:
        if pack not in self.world.oracle.packs:
            self.world.oracle.add_pack(pack)
            insert_pack(self.world.url, pack)

    @precondition(_has_packs)
    @rule(nth=picks)
    def delete_pack_row(self, nth: int) -> None:
        pack = _pick(self.world.oracle.packs, nth)
        self.world.oracle.delete_pack_row(pack)
        self._delete("pack", pack)

    # Packs and their controllers.

    @rule(slot=slots)
    def create(self, slot: str) -> None:
        if slot not in self.world.packs:
            self.world.create(slot, _SLOTS[slot])

    @precondition(_has_resources)
    @rule(nth=picks, fields=specs)
    def edit(self, nth: int, fields: dict[str, Any]) -> None:
        self.world.edit(_pick(self.world.packs, nth), **fields)

    @precondition(_has_resources)
    @rule(nth=picks, back=st.integers(0, 3))
    def roll_back(self, nth: int, back: int) -> None:
        """To a revision that is kept, or not any more."""
        slot = _pick(self.world.packs, nth)
        newest = max(self.world.oracle.numbers(self.world.packs[slot].uid), default=1)
        rollback = {"revision": max(1, newest - back), "until": "Removed"}
        self.world.edit(slot, rollback=rollback)

    @precondition(_has_resources)
    @rule(nth=picks)
    def roll_forward(self, nth: int) -> None:
        self.world.edit(_pick(self.world.packs, nth), rollback=None)

    @precondition(_has_resources)
    @rule(nth=picks, which=controllers, forgotten=st.booleans(), lost=st.booleans())
    def reconcile(self, nth: int, which: int, forgotten: bool, lost: bool) -> None:
        slot = _pick(self.world.packs, nth)
        self.world.reconcile(slot, which, forgotten=forgotten, lost=lost)

    @rule(times=st.integers(1, 2), which=controllers)
    def reconcile_all(self, times: int, which: int) -> None:
        """The second time is steady state: the database is not written at all."""
        for _ in range(times):
            for slot in sorted(self.world.packs):
                self.world.reconcile(slot, which)

    @precondition(_has_resources)
    @rule(nth=picks, which=controllers, at=st.integers(1, 25))
    def die(self, nth: int, which: int, at: int) -> None:
        self.world.killed(_pick(self.world.packs, nth), which, at)

    @precondition(_has_resources)
    @rule(
        nth=picks,
        which=controllers,
        changes=commits,
        version=numbers,
        fields=st.one_of(st.none(), specs),
    )
    def overtake(
        self,
        nth: int,
        which: int,
        changes: dict[str, File | None],
        version: int,
        fields: dict[str, Any] | None,
    ) -> None:
        """While one controller works, the other sees a newer commit, and maybe a newer spec."""
        slot = _pick(self.world.packs, nth)

        def meanwhile() -> None:
            self.push(_SLOTS[slot], changes, version)
            if fields:
                self.world.edit(slot, **fields)
            self.world.reconcile(slot, 1 - which)

        self.world.reconcile(slot, which, between=meanwhile, lost=True)

    @precondition(_has_resources)
    @rule(nth=picks, which=controllers, policy=st.sampled_from(DeletionPolicy))
    def delete(self, nth: int, which: int, policy: DeletionPolicy) -> None:
        self.world.delete(_pick(self.world.packs, nth), which, policy)

    def _set(self, table: str, ref: str, **columns: object) -> None:
        given = ", ".join(f"{name} = %({name})s" for name in columns)
        statement = f"UPDATE attune.{table} SET {given} WHERE ref = %(ref)s"  # noqa: S608
        self.world.database.do(statement, ref=ref, **columns)

    def _delete(self, table: str, ref: str) -> None:
        statement = f"DELETE FROM attune.{table} WHERE ref = %(ref)s"  # noqa: S608
        self.world.database.do(statement, ref=ref)
