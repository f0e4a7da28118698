"""The fields of an action's file, as a table. Imports `workflow`'s tables.

Source of the fields: the files of actions that Attune publishes, its `action` table, and its page
"YAML Reference". What else its loader takes is not known: the table is not all there is.
"""

from __future__ import annotations

from enum import StrEnum

from controller.pack.node import Node
from controller.workflow import fields as read
from controller.workflow.declared import SCHEMA
from controller.workflow.fields import Reader, Reading
from controller.workflow.schema import MAX_NAME
from controller.workflow.table import Field, Table


class Delivery(StrEnum):
    """How an action gets its parameters."""

    STDIN = "stdin"
    FILE = "file"


class ParameterFormat(StrEnum):
    """How the parameters are written."""

    DOTENV = "dotenv"
    JSON = "json"
    YAML = "yaml"


class OutputFormat(StrEnum):
    """How what the action prints is read."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"
    JSONL = "jsonl"


def _leave(_node: Node, _path: str, _reading: Reading) -> None:
    """A field that Attune's loader takes and no rule here speaks of."""


_LEFT = Field(Reader(_leave, {}), "Known to Attune; not looked at here.")
_SECONDS = read.integer(1, 2**31 - 1)
_OTHER = (
    "accesses_mcp", "artifact_retention_limit", "artifact_retention_policy",
    "default_execution_permission_set_refs", "log_retention_limit", "log_retention_policy",
    "max_retries", "reference_allowed_pack_refs", "reference_visibility",
    "required_worker_runtimes", "runtime_version", "worker_affinity", "worker_selector",
    "worker_tolerations",
)  # fmt: skip

ACTION = Table(
    "Action",
    "An action of Attune: a file of `actions/` in a pack, beside what it runs.",
    {
        "ref": Field(
            read.text(maximum=MAX_NAME),
            "The action's ref, `pack.name` in lower case.",
            {"pattern": r"^([^.A-Z]+\.[^.A-Z]+)?$"},
        ),
        "name": Field(
            read.text(maximum=MAX_NAME), "Without `ref`, its name behind the pack's ref and a dot."
        ),
        "label": Field(read.text(maximum=MAX_NAME), "What people see; else its name."),
        "description": Field(read.TEXT, "What the action is for."),
        "enabled": Field(read.BOOLEAN, "Whether it may run.", {"default": True}),
        "runner_type": Field(
            read.TEXT, "The runtime: `shell`, `python`, `node`, `native`, or one of a pack."
        ),
        "entry_point": Field(read.TEXT, "The file that it runs, in `actions/` or in the pack."),
        "workflow_file": Field(
            read.TEXT, "Instead of an entry point, the workflow that it runs: its file."
        ),
        "parameters": Field(
            SCHEMA,
            "What the action takes: `{name: {type: string, required: true}}`, or a JSON Schema "
            "with `type: object`.",
        ),
        "output": Field(SCHEMA, "What the action gives, written like `parameters`."),
        "output_schema": Field(SCHEMA, "Another name of `output`."),
        "parameter_delivery": Field(
            read.choice(Delivery),
            "How it gets its parameters: on standard input, or in a file.",
            {"default": Delivery.STDIN.value},
        ),
        "parameter_format": Field(
            read.choice(ParameterFormat),
            "How the parameters are written.",
            {"default": ParameterFormat.JSON.value},
        ),
        "output_format": Field(
            read.choice(OutputFormat),
            "How what it prints is read.",
            {"default": OutputFormat.TEXT.value},
        ),
        "tags": Field(read.list_of(read.ENTRY), "Words to find the action by."),
        "timeout": Field(_SECONDS, "Seconds that it may run."),
        "timeout_seconds": Field(_SECONDS, "Seconds that it may run."),
        **dict.fromkeys(_OTHER, _LEFT),
    },
    also={"anyOf": [{"required": ["ref"]}, {"required": ["name"]}]},
)
