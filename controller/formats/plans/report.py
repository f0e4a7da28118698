"""What there is to tell of a plan, and its sentences. Imports `pack`, `diff` and `redact`.

All text of a pack's files passes `line`, so that none of it begins a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from controller.diff import Change, Companion, PackPlan, RowPlan, WorkflowPlan, said
from controller.errors import PackError
from controller.formats.results import PackResult
from controller.pack.naming import shortened
from controller.pack.planned import Kind
from controller.redact import scrub
from controller.status.words import plural

_PLANNED = {
    Kind.CREATE: "to create",
    Kind.UPDATE: "to update",
    Kind.PRUNE: "to remove",
    Kind.BLOCKED: "to remove later",
    Kind.CONFLICT: "in conflict",
    Kind.SKIPPED: "to leave alone",
    Kind.KEPT: "to keep",
}
_PAST = {
    Kind.CREATE: "created",
    Kind.UPDATE: "updated",
    Kind.PRUNE: "removed",
    Kind.SKIPPED: "not recorded",
}
_COMPANIONS = {
    Companion.CREATE: "its action: created",
    Companion.LINK: "its action: becomes this workflow's",
}


@dataclass(frozen=True, slots=True)
class PlanReport:
    """One pack. `name` is what the user calls it, `owner` the Pack whose sync is meant, empty for
    the command line's. `plan` is None where it did not come to one, `failure` why it did not or why
    a sync would refuse it; `found` are the findings in the files.

    `numbers` are those of the two revisions where both are recorded ones, so that nothing is to be
    done.
    """

    name: str
    plan: PackPlan | None
    owner: str = ""
    failure: PackError | None = None
    found: PackResult | None = None
    numbers: tuple[int, int] | None = None

    @property
    def title(self) -> str:
        """`demo: main@1f3a9c2d → main@5b6c7d8e`."""
        if self.plan is None:
            return line(self.name)
        return f"{self.plan.pack_ref}: {self.before} → {self.after}"

    @property
    def why(self) -> str:
        """What stands in the way; the errors of the files are listed beside it."""
        error, errors = self.failure, self.found.errors if self.found else 0
        if error is None:
            return ""
        said = f"{plural(errors, 'error')} in the files." if errors else str(error)
        return f"{error.reason.value}: {said}"

    @property
    def past(self) -> bool:
        """Whether both states are recorded ones."""
        return self.numbers is not None

    @property
    def before(self) -> str:
        """The one state, for people."""
        return self._state(0, self.plan.before if self.plan else "")

    @property
    def after(self) -> str:
        """The other state, for people."""
        return self._state(1, self.plan.after if self.plan else "")

    def _state(self, place: int, revision: str) -> str:
        shown = shortened(revision) or "nothing"
        return line(f"{self.numbers[place]} ({shown})" if self.numbers else shown)

    @property
    def counts(self) -> str:
        """`1 to create, 2 to remove, 40 unchanged, the pack's row to write`."""
        plan = self.plan
        if plan is None:
            return "No plan"
        words = _PAST if self.past else _PLANNED
        told = [f"{plan.count(kind)} {what}" for kind, what in words.items() if plan.count(kind)]
        row = "the pack's manifest changed" if self.past else "the pack's row to write"
        unchanged = [f"{plan.unchanged} unchanged"] if plan.unchanged else []
        rows = [row] if plan.row.kind in (Kind.CREATE, Kind.UPDATE) else []
        return ", ".join([*told, *unchanged, *rows]) or "nothing there, nothing to do"


def line(text: str) -> str:
    """`text` without credentials and control characters, in one line."""
    return scrub(text).replace("\n", "\\n")


def notes(one: WorkflowPlan) -> str:
    """What is not obvious of a workflow's step: `adopted; changed by others`."""
    drifted = "rows changed by others" if one.step.drifted else ""
    return line("; ".join(filter(None, (one.step.why, drifted))))


def workflow_lines(one: WorkflowPlan, *, values: bool = True) -> Iterator[str]:
    """What is different in a workflow, a sentence each; without `values` of what was made by hand
    only the places are told."""
    shows = values or not one.is_by_hand
    yield from (_sentence(change, values=shows) for change in one.changes)
    is_whole = one.step.kind is Kind.CREATE and one.companion is Companion.CREATE
    if one.companion in _COMPANIONS and not is_whole:
        yield _COMPANIONS[one.companion]
    for change in one.columns:
        yield f"its action: {_sentence(change, values=shows)}"


def row_lines(row: RowPlan, *, values: bool = True) -> Iterator[str]:
    """What is different in the pack's own row."""
    shows = values or not row.drifted
    yield from (_sentence(change, values=shows) for change in row.changes)


def left_out(count: int, noun: str) -> str:
    """What is said in place of what does not fit."""
    return f"… and {plural(count, f'more {noun}')}"


def _sentence(change: Change, *, values: bool) -> str:
    return line(said(change) if values else f"{change.path} {change.kind}")
