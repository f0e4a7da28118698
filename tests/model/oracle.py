"""What the database must hold after each deed, by the rules that the documentation gives.

Plain dicts, and not a line of the product but the names of reasons: two programs that agree.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from controller.errors import Reason
from tests.model.repository import File, Health, Snapshot


@dataclass(frozen=True, slots=True)
class Terms:
    """The fields of a spec that decide over rows."""

    update_existing: bool = True
    prune: bool = True
    allow_empty: bool = False
    skips_invalid: bool = False
    drift: str = "Correct"

    @property
    def corrects(self) -> bool:
        return self.drift == "Correct"


@dataclass(slots=True)
class Row:
    """A row of `workflow_definition` or `action`; `label` and the like as they are now.

    `linked` is an action's tie to the definition of its ref. `edited` counts the hands that were
    at columns which are not ours.
    """

    pack_ref: str
    label: str
    text: str | None
    entrypoint: str = ""
    linked: bool = True
    edited: int = 0


@dataclass(slots=True)
class PackRow:
    """`id` stands for the row's own: another after a deletion. `said` is what is ours of it, and
    `stamp` the tree that it comes from."""

    id: int
    said: str
    stamp: str | None = None
    config: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the inventory."""

    file: File


@dataclass(slots=True)
class Claim:
    """Whose a pack is, and what was applied."""

    owner: str
    sequence: int
    generation: int
    state: tuple[object, ...]
    blocked: int
    pack_said: str
    created: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    """A line of the history."""

    number: int
    commit: str
    counts: tuple[int, int, int, int, int, int]
    content: Snapshot

    @property
    def refs(self) -> tuple[str, ...]:
        """The workflows, sorted."""
        return tuple(sorted(f"{self.content.ref}.{name}" for name in self.content.files))


@dataclass(frozen=True, slots=True)
class Look:
    """One reconcile: who asks, with which spec, and what they saw after drawing `sequence`."""

    owner: str
    generation: int
    terms: Terms
    seen: Snapshot
    sequence: int


@dataclass(slots=True)
class Expected:
    """What comes of a reconcile: why it failed, and the refs whose rows it may write."""

    reason: Reason | None = None
    written: frozenset[str] = frozenset()
    writes_pack: bool = False
    wrote: bool = False


@dataclass(slots=True)
class _Plan:
    kinds: dict[str, str] = field(default_factory=dict)
    drifted: set[str] = field(default_factory=set)

    def refs(self, *kinds: str) -> list[str]:
        return sorted(ref for ref, kind in self.kinds.items() if kind in kinds)


class Oracle:
    """The tables, as they must be."""

    def __init__(self) -> None:
        self.packs: dict[str, PackRow] = {}
        self.definitions: dict[str, Row] = {}
        self.actions: dict[str, Row] = {}
        self.running: set[str] = set()
        self.claims: dict[str, Claim] = {}
        self.inventory: dict[str, dict[str, Entry]] = {}
        self.history: dict[str, list[Revision]] = {}
        self._numbers: Counter[str] = Counter()
        self._ids = itertools.count(1)

    # What others do.

    def add_pack(self, ref: str) -> None:
        self.packs[ref] = PackRow(next(self._ids), "by hand")

    def delete_pack_row(self, ref: str) -> None:
        self.packs.pop(ref)
        for own in [one for one, row in self.definitions.items() if row.pack_ref == ref]:
            self.delete_definition(own)
        for own in [one for one, row in self.actions.items() if row.pack_ref == ref]:
            self.actions.pop(own)

    def delete_definition(self, ref: str) -> None:
        self.definitions.pop(ref)
        self.running.discard(ref)
        if ref in self.actions and self.actions[ref].linked:
            self.actions.pop(ref)

    # What a reconcile does.

    def reconcile(self, look: Look) -> Expected:
        """Carry a reconcile out, from the judgement of its files on."""
        ref, terms = look.seen.ref, look.terms
        invalid = {n for n, file in look.seen.files.items() if file.health is not Health.GOOD}
        if invalid and not terms.skips_invalid:
            return Expected(Reason.VALIDATION_FAILED)
        if refused := self._refused(look):
            return Expected(refused)
        plan = self._plan(look, invalid)
        if plan.refs("conflict"):
            return Expected(Reason.ACTION_CONFLICT)
        keeps = self._kept(look, invalid)[0]
        desired = len(look.seen.files) - len(invalid)
        if not (desired or keeps or terms.allow_empty) and plan.refs("prune", "blocked"):
            return Expected(Reason.EMPTY_PACK)
        expected = self._apply(look, plan)
        if plan.refs("blocked"):
            expected.reason = Reason.PRUNE_BLOCKED
        elif invalid:
            expected.reason = Reason.PARTIALLY_SYNCED
        self._check_ids(ref)
        return expected

    def roll_back(self, look: Look, number: int) -> Expected:
        """Carry a rollback out: what was applied then is applied again, by the terms of now."""
        ref = self.claimed(look.owner)
        kept = [one for one in self.history.get(ref or "", ()) if one.number == number]
        if not kept:
            return Expected(Reason.REVISION_NOT_FOUND)
        return self.reconcile(replace(look, seen=kept[0].content))

    def remove(self, owner: str) -> Reason | None:
        """Delete what `owner` wrote."""
        ref = self.claimed(owner)
        if ref is None:
            return None
        mine = self.inventory[ref]
        if self.running & mine.keys():
            return Reason.PRUNE_BLOCKED
        for one in mine:
            self._prune(ref, one)
        created = self.claims[ref].created
        self.release(owner)
        row = self.packs.get(ref)
        others = (*self.definitions.values(), *self.actions.values())
        if row and row.id == created and not any(one.pack_ref == ref for one in others):
            self.packs.pop(ref)
        return None

    def release(self, owner: str) -> None:
        """Give `owner`'s claim up."""
        ref = self.claimed(owner)
        if ref is not None:
            self.claims.pop(ref)
            self.inventory.pop(ref)

    def tidy(self, ref: str, keep: int, pinned: int) -> None:
        """Forget all but the newest revisions, and the one that is rolled back to."""
        lines = self.history.get(ref, [])
        newest = lines[-keep:]
        self.history[ref] = [one for one in lines if one in newest or one.number == pinned]

    def claimed(self, owner: str) -> str | None:
        """The pack that `owner` has."""
        return next((ref for ref, claim in self.claims.items() if claim.owner == owner), None)

    def numbers(self, owner: str) -> list[int]:
        """The revisions that are kept of what `owner` has."""
        return [one.number for one in self.history.get(self.claimed(owner) or "", ())]

    def intact(self, ref: str, entry: Entry) -> bool:
        """Whether both rows are as we left them."""
        definition, action = self.definitions.get(ref), self.actions.get(ref)
        if not (definition and action and action.linked):
            return False
        said = (ref, f"text {entry.file.text}")
        return (definition.label, definition.text) == said == (
            action.label,
            action.text,
        ) and action.entrypoint == entry.file.entrypoint

    def _refused(self, look: Look) -> Reason | None:
        ref, owner = look.seen.ref, look.owner
        held = self.claimed(owner)
        if held not in (None, ref):
            return Reason.REF_CONFLICT
        claim = self.claims.get(ref)
        if claim is None:
            return None
        if claim.owner != owner:
            return Reason.REF_CONFLICT
        is_newer = claim.sequence > look.sequence or claim.generation > look.generation
        return Reason.SUPERSEDED if is_newer else None

    def _kept(self, look: Look, invalid: Iterable[str]) -> tuple[set[str], bool]:
        """The refs whose file is invalid, and whether anything may be pruned."""
        ref = look.seen.ref
        broken = any(look.seen.files[name].health is Health.BROKEN for name in invalid)
        keeps = {f"{ref}.{n}" for n in invalid if look.seen.files[n].health is Health.INVALID}
        return keeps, look.terms.prune and not broken

    def _plan(self, look: Look, invalid: set[str]) -> _Plan:
        pack, plan = look.seen.ref, _Plan()
        known = self.inventory.get(pack, {})
        desired = {f"{pack}.{n}": f for n, f in look.seen.files.items() if n not in invalid}
        for ref, file in desired.items():
            plan.kinds[ref] = self._wanted(look, plan, ref, file, known.get(ref))
        keeps, may_prune = self._kept(look, invalid)
        for ref in known.keys() - desired.keys():
            if not self.intact(ref, known[ref]):
                plan.drifted.add(ref)
            if ref in keeps or not may_prune:
                plan.kinds[ref] = "kept"
            elif ref in self.running:
                plan.kinds[ref] = "blocked"
            else:
                plan.kinds[ref] = "prune"
                if ref not in self.definitions:
                    plan.drifted.discard(ref)
        return plan

    def _wanted(self, look: Look, plan: _Plan, ref: str, file: File, entry: Entry | None) -> str:
        definition, action = self.definitions.get(ref), self.actions.get(ref)
        stray = action and action.entrypoint.endswith(".workflow.yaml")
        if action and not (definition and action.linked) and not stray:
            return "conflict"
        same = entry is not None and _said(entry.file) == _said(file)
        drifted = entry is not None and not self.intact(ref, entry)
        if drifted:
            plan.drifted.add(ref)
        if drifted and same and not look.terms.corrects:
            return "skipped"
        if definition is None:
            return "create"
        if same and not drifted:
            return "unchanged"
        return "update" if look.terms.update_existing else "skipped"

    def _apply(self, look: Look, plan: _Plan) -> Expected:
        ref, files = look.seen.ref, look.seen.files
        changed = plan.refs("create", "update")
        known = self.inventory.get(ref, {})
        claim = self.claims.get(ref)
        stale = [one for one in plan.refs("unchanged") if known[one].file != files[_name(one)]]
        writes_pack, pack_drifted = self._pack_plan(look, plan)
        row, wanted = self.packs.get(ref), _wanted_pack(look.seen)
        state = (look.generation, look.seen.commit, look.seen.tree_oid, look.terms)
        blocked = len(plan.refs("blocked"))
        differs = (
            claim is None
            or (row is not None and claim.pack_said != row.said and not pack_drifted)
            or claim.state != state
            or claim.blocked != blocked
        )
        pruned = plan.refs("prune")
        changes = writes_pack or bool(changed or pruned)
        stamp = checksum(look.seen.tree_oid)
        restamps = self._restamps(look, wanted, stamp)
        wrote = changes or restamps or bool(stale) or differs
        if not wrote:
            return Expected()
        made = self._write_pack(ref, wanted, stamp) if writes_pack or restamps else None
        former = claim.created if claim else None
        is_left = pack_drifted and not writes_pack
        said = claim.pack_said if claim and is_left else self._pack_said(ref)
        self.claims[ref] = Claim(
            look.owner, look.sequence, look.generation, state, blocked, said, made or former
        )
        listed = self.inventory.setdefault(ref, {})
        for one in changed:
            self._write(ref, one, files[_name(one)])
        for one in (*changed, *stale):
            listed[one] = Entry(files[_name(one)])
        for one in pruned:
            self._prune(ref, one)
            listed.pop(one)
        if changes:
            self._record(look, plan)
        written = frozenset([*changed, *pruned])
        return Expected(None, written, writes_pack or restamps, wrote=True)

    def _pack_plan(self, look: Look, plan: _Plan) -> tuple[bool, bool]:
        """Whether the pack's row is written, and whether somebody changed it."""
        row, wanted = self.packs.get(look.seen.ref), _wanted_pack(look.seen)
        claim = self.claims.get(look.seen.ref)
        if row and row.said == wanted:
            return False, False
        drifted = claim is not None and (row is None or claim.pack_said != row.said)
        needed = row is None and bool(plan.refs("create", "update"))
        same = claim is not None and claim.pack_said == wanted
        if drifted and same and not look.terms.corrects and not needed:
            return False, True
        return row is None or look.terms.update_existing, drifted

    def _pack_said(self, ref: str) -> str:
        return self.packs[ref].said if ref in self.packs else ""

    def _restamps(self, look: Look, wanted: str, stamp: str) -> bool:
        """Whether nothing is new in the pack's row but the tree that it comes from."""
        row = self.packs.get(look.seen.ref)
        is_current = row is not None and row.said == wanted and row.stamp != stamp
        return is_current and look.terms.update_existing

    def _write_pack(self, ref: str, said: str, stamp: str) -> int | None:
        """The id of the row if it was made."""
        if ref in self.packs:
            self.packs[ref].said, self.packs[ref].stamp = said, stamp
            return None
        self.packs[ref] = PackRow(next(self._ids), said, stamp)
        return self.packs[ref].id

    def _write(self, pack: str, ref: str, file: File) -> None:
        text = f"text {file.text}"
        self.definitions[ref] = Row(pack, ref, text)
        action = self.actions.get(ref)
        edited = action.edited if action else 0
        self.actions[ref] = Row(pack, ref, text, file.entrypoint, edited=edited)

    def _prune(self, pack: str, ref: str) -> None:
        definition = self.definitions.get(ref)
        if definition and definition.pack_ref == pack:
            self.delete_definition(ref)
        action = self.actions.get(ref)
        if action and action.entrypoint.endswith(".workflow.yaml"):
            self.actions.pop(ref)  # somebody took it from its definition: it is still ours

    def _record(self, look: Look, plan: _Plan) -> None:
        ref = look.seen.ref
        self._numbers[ref] += 1
        counts = (
            len(plan.refs("create")),
            len(plan.refs("update")),
            len(plan.refs("unchanged")),
            len(plan.refs("prune")),
            len(plan.refs("skipped", "kept")),
            len(plan.drifted),
        )
        listed = self.inventory[ref]
        staying = listed.keys() - plan.refs("blocked")
        files = {_name(one): listed[one].file for one in staying}
        content = replace(look.seen, files=files)
        made = Revision(self._numbers[ref], look.seen.commit, counts, content)
        self.history.setdefault(ref, []).append(made)

    def _check_ids(self, ref: str) -> None:
        numbers = [one.number for one in self.history.get(ref, ())]
        assert numbers == sorted(set(numbers))


def checksum(tree_oid: str) -> str:
    """Of a pack, as docs/database.md tells it."""
    return hashlib.sha256(f"{tree_oid}\n".encode()).hexdigest()


def _said(file: File) -> tuple[object, ...]:
    """What a workflow is: the same for two files of one content."""
    return file.stem, file.text


def _name(ref: str) -> str:
    return ref.partition(".")[2]


def _wanted_pack(seen: Snapshot) -> str:
    return f"1.0.{seen.version}"


def visible(oracle: Oracle) -> Mapping[str, object]:
    """The tables in the form in which `database.visible` reads them."""
    return {
        "packs": {ref: (row.said, row.config, row.stamp) for ref, row in oracle.packs.items()},
        "definitions": {
            ref: (row.pack_ref, row.label, row.text) for ref, row in oracle.definitions.items()
        },
        "actions": {
            ref: (
                row.pack_ref, row.label, row.text, row.entrypoint,
                row.linked and ref in oracle.definitions, row.edited,
            )
            for ref, row in oracle.actions.items()
        },
        "running": sorted(oracle.running),
        "claims": {
            ref: (claim.owner, claim.state[0], claim.state[1], claim.blocked)
            for ref, claim in oracle.claims.items()
        },
        "inventory": {
            ref: (pack, entry.file.path)
            for pack, listed in oracle.inventory.items()
            for ref, entry in listed.items()
        },
        "history": {
            ref: [(one.number, one.commit, *one.counts, one.refs) for one in lines]
            for ref, lines in oracle.history.items()
            if lines
        },
    }  # fmt: skip
