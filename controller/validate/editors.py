"""The JSON Schemas of a pack's files, for editors. Pure; imports `workflow` and the neighbours."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from controller.validate.action_table import ACTION
from controller.validate.pack_table import PACK
from controller.workflow.json_schema import json_schema
from controller.workflow.retry import RETRY
from controller.workflow.schema import TASK, WORKFLOW
from controller.workflow.table import Table
from controller.workflow.transition import BRANCH, TRANSITION


class Kind(StrEnum):
    """The kinds of files that have a schema."""

    WORKFLOW = "workflow"
    PACK = "pack"
    ACTION = "action"


_TABLES: dict[Kind, tuple[Table, ...]] = {
    Kind.WORKFLOW: (WORKFLOW, TASK, TRANSITION, RETRY, BRANCH),
    Kind.PACK: (PACK,),
    Kind.ACTION: (ACTION,),
}


def editor_schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema, draft 2020-12, of a file of this kind."""
    root, *definitions = _TABLES[kind]
    return json_schema(root, definitions)
