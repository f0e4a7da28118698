"""The plan as a pure function, over every combination of rows and wishes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.pack.content import CompiledWorkflow
from controller.pack.spec import DriftPolicy
from controller.store import ActualRow, Kind, Plan, Policy, make_plan
from tests.store.make import workflow

_NAMES = ["a", "b", "c", "d", "e"]
_REFS = [f"demo.{name}" for name in _NAMES]


def _written(made: CompiledWorkflow, *, intact: bool = True, running: bool = False) -> ActualRow:
    return ActualRow(
        made.ref,
        known=True,
        version=made.version,
        digest=made.digest,
        file=made.file,
        blob=made.blob,
        holder="demo",
        ours=True,
        intact=intact,
        running=running,
    )


_A = workflow("a")
_NEW = workflow("a", text="new")
_THERE = ActualRow("demo.a", holder="demo", ours=True)
_DELETED = ActualRow("demo.a", known=True, digest=_A.digest, file=_A.file, blob=_A.blob)
_WARN = Policy(drift=DriftPolicy.WARN)
_ELSEWHERE = ActualRow("demo.a", holder="other", ours=False)


@pytest.mark.parametrize(
    ("desired", "row", "policy", "kind", "drifted"),
    [
        pytest.param(_A, None, Policy(), Kind.CREATE, False, id="nothing there"),
        pytest.param(_A, _DELETED, Policy(), Kind.CREATE, True, id="deleted by hand"),
        pytest.param(_A, _written(_A), Policy(), Kind.UNCHANGED, False, id="as written"),
        pytest.param(_NEW, _written(_A), Policy(), Kind.UPDATE, False, id="new content"),
        pytest.param(_A, _written(_A, intact=False), Policy(), Kind.UPDATE, True, id="edited"),
        pytest.param(_A, _THERE, Policy(), Kind.UPDATE, False, id="adopted"),
        pytest.param(
            _NEW, _written(_A), Policy(update_existing=False), Kind.SKIPPED, False, id="skipped"
        ),
        pytest.param(
            _A, _DELETED, Policy(update_existing=False), Kind.CREATE, True, id="created even so"
        ),
        pytest.param(_A, _ELSEWHERE, Policy(), Kind.CONFLICT, False, id="another pack's"),
        pytest.param(
            _A, ActualRow("demo.a", foreign_action=True), Policy(), Kind.CONFLICT, False,
            id="hand-made action",
        ),
        pytest.param(None, _written(_A), Policy(), Kind.PRUNE, False, id="gone"),
        pytest.param(None, _DELETED, Policy(), Kind.PRUNE, False, id="gone from both"),
        pytest.param(
            None, _written(_A, intact=False), Policy(), Kind.PRUNE, True, id="edited, then gone"
        ),
        pytest.param(
            _A, _written(_A, intact=False), _WARN, Kind.SKIPPED, True, id="edited, to be left"
        ),
        pytest.param(_A, _DELETED, _WARN, Kind.SKIPPED, True, id="deleted, to be left"),
        pytest.param(
            _NEW, _written(_A, intact=False), _WARN, Kind.UPDATE, True, id="edited, then new"
        ),
        pytest.param(_NEW, _DELETED, _WARN, Kind.CREATE, True, id="deleted, then new content"),
        pytest.param(
            None, _written(_A, intact=False), _WARN, Kind.PRUNE, True, id="edited, to be left, gone"
        ),
        pytest.param(
            None, _written(_A), Policy(prune=False), Kind.KEPT, False, id="pruning is off"
        ),
        pytest.param(
            None, _written(_A), Policy(keep=frozenset({"demo.a"})), Kind.KEPT, False,
            id="invalid now",
        ),
        pytest.param(
            None, _written(_A, running=True), Policy(), Kind.BLOCKED, False, id="still running"
        ),
        pytest.param(None, _THERE, Policy(), None, False, id="unknown to us"),
    ],
)  # fmt: skip
def test_one_workflow(
    desired: CompiledWorkflow | None,
    row: ActualRow | None,
    policy: Policy,
    kind: Kind | None,
    drifted: bool,
) -> None:
    plan = make_plan([desired] if desired else [], [row] if row else [], policy)
    assert [(step.kind, step.drifted) for step in plan.steps] == (
        [] if kind is None else [(kind, drifted)]
    )


@st.composite
def _rows(draw: st.DrawFn) -> dict[str, ActualRow]:
    rows = {}
    for name in draw(st.sets(st.sampled_from(_NAMES))):
        made = workflow(name, text=draw(st.sampled_from(["", "new"])))
        kind = draw(st.sampled_from(["written", "edited", "running", "deleted", "unknown"]))
        if kind == "unknown":
            rows[made.ref] = ActualRow(made.ref, holder="demo", ours=True)
        elif kind == "deleted":
            rows[made.ref] = _written(made, intact=False)._replace(holder=None, ours=False)
        else:
            rows[made.ref] = _written(made, intact=kind != "edited", running=kind == "running")
    return rows


_DESIRED = st.sets(st.sampled_from(_NAMES)).flatmap(
    lambda names: st.tuples(
        *(st.builds(workflow, st.just(name), text=st.sampled_from(["", "new"])) for name in names)
    )
)
_POLICIES = st.builds(
    Policy,
    update_existing=st.booleans(),
    prune=st.booleans(),
    allow_empty=st.booleans(),
    keep=st.frozensets(st.sampled_from(_REFS)),
    drift=st.sampled_from(DriftPolicy),
)


def _carry_out(
    plan: Plan, desired: tuple[CompiledWorkflow, ...], rows: dict[str, ActualRow]
) -> dict[str, ActualRow]:
    wanted = {made.ref: made for made in desired}
    after = dict(rows)
    for step in plan.steps:
        if step.kind in (Kind.CREATE, Kind.UPDATE):
            after[step.ref] = _written(wanted[step.ref])
        elif step.kind is Kind.PRUNE:
            del after[step.ref]
    return after


@given(_DESIRED, _rows(), _POLICIES)
def test_a_plan_carried_out_leaves_nothing_to_do(
    desired: tuple[CompiledWorkflow, ...], rows: dict[str, ActualRow], policy: Policy
) -> None:
    after = _carry_out(make_plan(desired, rows.values(), policy), desired, rows)
    again = make_plan(desired, after.values(), policy)
    assert not again.refs(Kind.CREATE, Kind.UPDATE, Kind.PRUNE)


@given(_DESIRED, _rows())
def test_a_plan_carried_out_makes_what_is_desired(
    desired: tuple[CompiledWorkflow, ...], rows: dict[str, ActualRow]
) -> None:
    after = _carry_out(make_plan(desired, rows.values(), Policy()), desired, rows)
    for made in desired:
        assert after[made.ref].digest == made.digest
        assert after[made.ref].intact
    undesired = after.keys() - {made.ref for made in desired}
    assert all(not after[ref].known or after[ref].running for ref in undesired)


@given(_DESIRED, _rows(), _POLICIES)
def test_only_what_we_wrote_and_may_lose_is_pruned(
    desired: tuple[CompiledWorkflow, ...], rows: dict[str, ActualRow], policy: Policy
) -> None:
    pruned = make_plan(desired, rows.values(), policy).refs(Kind.PRUNE)
    assert all(rows[ref].known and not rows[ref].running for ref in pruned)
    assert not policy.keep & set(pruned)
    assert not {made.ref for made in desired} & set(pruned)
    assert policy.prune or not pruned


@given(_DESIRED, _rows(), _POLICIES)
def test_every_desired_or_written_workflow_has_one_step(
    desired: tuple[CompiledWorkflow, ...], rows: dict[str, ActualRow], policy: Policy
) -> None:
    plan = make_plan(desired, rows.values(), policy)
    expected = {made.ref for made in desired} | {ref for ref, row in rows.items() if row.known}
    assert [step.ref for step in plan.steps] == sorted(expected)
