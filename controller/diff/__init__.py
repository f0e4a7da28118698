"""What differs between two states of a pack, by workflow and by field. Pure; imports `pack`.

`trees` compares two JSON values, `workflows` two packs, `words` says it in sentences.
"""

from controller.diff.trees import Change, ChangeKind, changes
from controller.diff.words import said
from controller.diff.workflows import PackDiff, WorkflowChange, WorkflowDiff, compare

__all__ = [
    "Change",
    "ChangeKind",
    "PackDiff",
    "WorkflowChange",
    "WorkflowDiff",
    "changes",
    "compare",
    "said",
]
