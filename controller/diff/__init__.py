"""What differs between two states of a pack, by workflow and by field. Pure; imports `pack`.

`trees` compares two JSON values, `workflows` two packs, `between` two revisions, `planned` a plan
with the rows that there are; `words` says it in sentences.
"""

from controller.diff.between import Recorded, between
from controller.diff.planned import (
    Companion,
    PackPlan,
    RowPlan,
    State,
    WorkflowPlan,
    row_plan,
    workflow_plan,
)
from controller.diff.trees import Change, ChangeKind, changes
from controller.diff.words import said
from controller.diff.workflows import PackDiff, WorkflowChange, WorkflowDiff, compare

__all__ = [
    "Change",
    "ChangeKind",
    "Companion",
    "PackDiff",
    "PackPlan",
    "Recorded",
    "RowPlan",
    "State",
    "WorkflowChange",
    "WorkflowDiff",
    "WorkflowPlan",
    "between",
    "changes",
    "compare",
    "row_plan",
    "said",
    "workflow_plan",
]
