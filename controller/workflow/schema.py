"""The format as tables: which fields a workflow, a task, a transition have, and how each is read.

May import `pack` and the neighbours in `workflow`. Source of the rules: Attune's workflow parser
and validator (https://github.com/attune-system/attune, crates/common/src/workflow).
"""

from __future__ import annotations

import re
from typing import Any

from controller.pack import rules
from controller.pack.node import List, Mapping, Node, Scalar
from controller.pack.report import quoted
from controller.workflow import fields as read
from controller.workflow.fields import ABSENT, Fields, Reading
from controller.workflow.model import (
    Backoff,
    CancellationPolicy,
    Retry,
    Target,
    TaskType,
    Transition,
)
from controller.workflow.normalise import Branch

MAX_NAME = 255
MAX_VERSION = 50
_U32 = 2**32 - 1
_USIZE = 2**64 - 1
_VARIABLE = re.compile(r"[\w-]+")


def _target(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is List:
        hint = "Only `do` in `next` takes several: `next: [{do: [a, b]}]`."
        read.wrong_type(node, path, "the name of one task", reading, hint=hint)
        return ABSENT
    name = read.entry_text(node, path, reading)
    return ABSENT if name is ABSENT else Target(name, node, path)


def _publish_entry(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is Mapping or (type(node) is Scalar and type(node.value) is str):
        return read.read_json(node, path, reading)
    hint = "Write `- name: value`, or `- name` to publish the whole result."
    read.wrong_type(node, path, "a name or an object", reading, hint=hint)
    return ABSENT


_PUBLISH = read.list_of(_publish_entry)

TRANSITION: Fields = {
    "when": read.read_text,
    "publish": _PUBLISH,
    "do": read.list_of(_target),
    "__chart_meta__": read.read_json,
}


def _transition(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is not Mapping:
        hint = "Write `- do: [task]`, with `when` and `publish` as needed."
        read.wrong_type(node, path, "an object", reading, hint=hint)
        return ABSENT
    values = read.read_fields(node, path, TRANSITION, reading)
    values["chart_meta"] = values.pop("__chart_meta__", None)
    return Transition(**values)


def _default(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is Scalar and type(node.value) is str:
        hint = f"Write `default: true` and `next: {node.text}`."
        read.wrong_type(node, path, "`true` or `false`", reading, hint=hint)
        return ABSENT
    return read.read_boolean(node, path, reading)


BRANCH: Fields = {"when": read.read_text, "next": _target, "default": _default}


def _branch(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is not Mapping:
        read.wrong_type(node, path, "an object", reading)
        return ABSENT
    # A name under `default` is meant as the target: asking for `next` too would be noise.
    named = type(node.value.get("default")) is str
    required = () if named else ("next",)
    values = read.read_fields(node, path, BRANCH, reading, required=required)
    return Branch(node, path, **{"next": None, **values})


RETRY: Fields = {
    "count": read.integer(1, 100),
    "delay": read.integer(0, _U32),
    "backoff": read.choice(Backoff),
    "max_delay": read.integer(0, _U32),
    "on_error": read.read_text,
}


def _retry(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is not Mapping:
        read.wrong_type(node, path, "an object with `count` and `delay`", reading)
        return ABSENT
    values = read.read_fields(node, path, RETRY, reading, required=("count", "delay"))
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


TASK: Fields = {
    "name": read.read_text,
    "type": read.choice(TaskType),
    "action": read.read_text,
    "input": read.read_object,
    "permission_set_refs": read.read_json,
    "permission_set_ref": read.read_json,
    "worker_selector": read.read_json,
    "worker_tolerations": read.read_json,
    "worker_affinity": read.read_json,
    "when": read.read_text,
    "with_items": read.read_text,
    "batch_size": read.integer(0, _USIZE),
    "concurrency": read.integer(0, _USIZE),
    "retry": _retry,
    "timeout": read.integer(0, _U32),
    "next": read.list_of(_transition),
    "join": read.integer(0, _USIZE),
    "on_success": _target,
    "on_failure": _target,
    "on_complete": _target,
    "on_timeout": _target,
    "decision": read.list_of(_branch),
    "publish": _PUBLISH,
    "__chart_meta__": read.read_json,
}
"""All fields of a task but `tasks`, which `build` adds."""


def _schema(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is not Mapping:
        read.wrong_type(node, path, "an object", reading)
        return ABSENT
    if "type" not in node.fields:
        for name, parameter in node.fields.items():
            if type(parameter) is not Mapping or "type" not in parameter.fields:
                _no_schema(node, name, path, reading)
    return read.read_json(node, path, reading)


def _no_schema(node: Mapping, name: str, path: str, reading: Reading) -> None:
    message = f"`{path}` is no JSON Schema, and its entry {quoted(name)} has no `type`"
    hint = f"Write `{name}: {{type: string}}`, or a JSON Schema with `type: object`."
    where = f"{path}.{name}"
    reading.report.add(rules.NO_SCHEMA, node.keys[name], message, path=where, hint=hint)


def _variables(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is List:
        hint = "Write `vars:` as `name: value` lines without dashes."
        read.wrong_type(node, path, "an object", reading, hint=hint)
        return ABSENT
    value = read.read_object(node, path, reading)
    if type(node) is Mapping:
        for name, key in node.keys.items():
            if not _VARIABLE.fullmatch(name):
                message = f"the variable {quoted(name)} has a name that no expression can use"
                hint = "Use letters, digits, `_` and `-`."
                where = f"{path}.{name}"
                reading.report.add(rules.BAD_VARIABLE_NAME, key, message, path=where, hint=hint)
    return value


WORKFLOW: Fields = {
    "ref": read.text(maximum=MAX_NAME),
    "label": read.text(maximum=MAX_NAME),
    "description": read.read_text,
    "version": read.text(minimum=1, maximum=MAX_VERSION),
    "parameters": _schema,
    "output": _schema,
    "vars": _variables,
    "output_map": read.map_of(read.entry_text),
    "tags": read.list_of(read.entry_text),
    "cancellation_policy": read.choice(CancellationPolicy),
}
"""All fields of a workflow but `tasks`, which `build` adds."""
