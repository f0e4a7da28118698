"""Two states of a pack → what differs, by workflow and by field. Pure; imports `pack` and `trees`.

A state is the documents of its workflows (`CompiledWorkflow.document`) by ref, and the manifest.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from controller.diff.trees import Change, changes
from controller.pack.content import Json

_REPEATED = ("ref", "label", "description", "version", "parameters", "output", "tags")
"""Fields of a definition that its columns repeat."""


class WorkflowChange(StrEnum):
    """What happens to a workflow."""

    CREATED = "created"
    UPDATED = "updated"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class WorkflowDiff:
    """One workflow that differs; `changes` are its fields, for one that is updated."""

    ref: str
    change: WorkflowChange
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class PackDiff:
    """What differs: fields of the manifest, and workflows sorted by ref."""

    manifest: tuple[Change, ...]
    workflows: tuple[WorkflowDiff, ...]

    def __bool__(self) -> bool:
        return bool(self.manifest or self.workflows)

    def count(self, change: WorkflowChange) -> int:
        """How many workflows change so."""
        return sum(one.change is change for one in self.workflows)


def compare(
    before: Mapping[str, str],
    after: Mapping[str, str],
    manifests: tuple[Mapping[str, Json] | None, Mapping[str, Json] | None] = (None, None),
    *,
    staying: Collection[str] = (),
) -> PackDiff:
    """What makes `after` of `before`, both documents by ref; `staying` are refs of `before` that
    stay although `after` does not have them."""
    old, new = manifests
    gone = before.keys() - after.keys() - frozenset(staying)
    found = [
        *(WorkflowDiff(ref, WorkflowChange.REMOVED) for ref in gone),
        *(WorkflowDiff(ref, WorkflowChange.CREATED) for ref in after.keys() - before.keys()),
        *(_updated(ref, before[ref], after[ref]) for ref in before.keys() & after.keys()),
    ]
    workflows = sorted((one for one in found if _differs(one)), key=lambda one: one.ref)
    return PackDiff(changes(old or {}, new or {}), tuple(workflows))


def _updated(ref: str, before: str, after: str) -> WorkflowDiff:
    if before == after:
        return WorkflowDiff(ref, WorkflowChange.UPDATED)
    found = changes(fields(json.loads(before)), fields(json.loads(after)))
    return WorkflowDiff(ref, WorkflowChange.UPDATED, found)


def _differs(one: WorkflowDiff) -> bool:
    return one.change is not WorkflowChange.UPDATED or bool(one.changes)


def fields(document: Mapping[str, Json]) -> dict[str, Json]:
    """A document as its author sees it: the columns under the names of the file, and the rest of
    the definition beside them."""
    columns = dict(document)
    definition = columns.pop("definition")
    if not isinstance(definition, Mapping):
        # Nobody but a hand in the database makes it so.
        definition = {"definition": definition}
    columns["parameters"] = columns.pop("param_schema", None)
    columns["output"] = columns.pop("out_schema", None)
    rest = {name: value for name, value in definition.items() if name not in _REPEATED}
    return {**columns, **rest}
