"""How a failed task is tried again, as a table.

May import `pack` and the neighbours in `workflow`. Source of the rules: as in `schema`.
"""

from __future__ import annotations

from typing import Any

from controller.pack import rules
from controller.pack.node import Mapping, Node
from controller.workflow import fields as read
from controller.workflow.fields import ABSENT, Reading
from controller.workflow.model import Backoff, Retry
from controller.workflow.table import Field, Null, Table, read_fields

U32 = 2**32 - 1

RETRY = Table(
    "Retry",
    "How a failed task is tried again.",
    {
        "count": Field(
            read.integer(1, 100), "How often it is tried again, at most.", example="count: 3"
        ),
        "delay": Field(
            read.integer(0, U32), "Seconds before the first retry.", example="delay: 10"
        ),
        "backoff": Field(
            read.choice(Backoff),
            "How the delay grows from one retry to the next.",
            {"default": Backoff.CONSTANT.value},
            null=Null.NONE,
        ),
        "max_delay": Field(
            read.integer(0, U32), "Seconds between two tries at most; not below `delay`."
        ),
        "on_error": Field(
            read.TEXT, "Only failures for which this expression holds are tried again."
        ),
    },
    required=("count", "delay"),
    elsewhere={
        **dict.fromkeys(("attempts", "limit", "max", "max_attempts", "times"), "count"),
        **dict.fromkeys(("interval", "wait"), "delay"),
        **dict.fromkeys(("if", "on", "when"), "on_error"),
    },
)


def read_retry(node: Node, path: str, reading: Reading) -> Any:
    """A `Retry`, whose delays are in order."""
    if type(node) is not Mapping:
        read.wrong_type(node, path, "an object with `count` and `delay`", reading)
        return ABSENT
    values = read_fields(node, path, RETRY, reading)
    if "count" not in values or "delay" not in values:
        return ABSENT
    retry = Retry(**values)
    if retry.max_delay is not None and retry.max_delay < retry.delay:
        message = f"`{path}.max_delay` ({retry.max_delay}) is below `delay` ({retry.delay})"
        hint = "Raise `max_delay`, or remove it."
        place = node.fields["max_delay"]
        path = f"{path}.max_delay"
        reading.report.add(rules.DELAY_ABOVE_MAXIMUM, place, message, path=path, hint=hint)
    return retry
