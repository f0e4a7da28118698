"""Rules for the ref of a workflow. Pure; may import `workflow.model` and `pack`."""

from __future__ import annotations

import re

from controller.pack import rules
from controller.pack.node import Node
from controller.pack.report import Report, quoted
from controller.workflow.model import Workflow
from controller.workflow.schema import MAX_NAME

# The check `action_ref_format` of Attune's `action` table, where each workflow has a row.
_FORM = re.compile(r"[^.]+\.[^.]+")
CALLABLE = re.compile(r"[\w-]+\.[\w-]+")
"""The refs that a task can call."""

_STRANGE = re.compile(r"[^\w-]+")
_LONG = 40


def check_ref(workflow: Workflow, ref: str, pack_ref: str | None, report: Report) -> bool:
    """Whether the pack may have a workflow of this ref; what forbids it is in `report`."""
    place = workflow.node.fields.get("ref")
    if place is not None and place.value is not None and not workflow.ref and place.value != "":
        return False  # the ref has a wrong type or length, which is already reported
    origin = "" if workflow.ref else " (made of the file's name)"
    problem, hint = form_problem(ref)
    if origin:
        hint = _own_ref(ref, pack_ref)
    if problem:
        message = f"the ref {quoted(ref)}{origin} {problem}"
        report.add(rules.BAD_REF, place, message, path="ref", hint=hint)
        return False
    if pack_ref is not None and not ref.startswith(f"{pack_ref}."):
        _foreign(place, ref, pack_ref, report)
        return False
    if not CALLABLE.fullmatch(ref):
        message = f"the ref {quoted(ref)}{origin} has characters that no action ref can have"
        hint = hint or "Use letters, digits, `_` and `-`."
        report.add(rules.ODD_REF, place, message, path="ref", hint=hint)
    return True


def _own_ref(ref: str, pack_ref: str | None) -> str:
    return f"Rename the file, or add `ref: {pack_ref}.{plain_name(ref)[:_LONG] or 'name'}`."


def plain_name(ref: str) -> str:
    """What is behind the first dot, with the characters and the case that a ref can have."""
    return _STRANGE.sub("_", ref.partition(".")[2].lower())


def form_problem(ref: str) -> tuple[str, str]:
    """What the `action` table refuses in a ref, and what to do; both empty when nothing."""
    if not _FORM.fullmatch(ref):
        return "must have exactly one dot, with text on both sides", "Write `pack.name`."
    if ref != ref.lower():
        return "must be in lower case", f"Write {quoted(ref.lower())}."
    if len(ref) > MAX_NAME:
        return f"has {len(ref)} characters; {MAX_NAME} are allowed", "Shorten it."
    return "", ""


def _foreign(place: Node | None, ref: str, pack_ref: str, report: Report) -> None:
    message = f"the ref {quoted(ref)} does not begin with this pack's ref, `{pack_ref}.`"
    name = ref.partition(".")[2]
    hint = f"Write {quoted(f'{pack_ref}.{name}')}, or remove `ref` to take it from the file's name."
    report.add(rules.FOREIGN_REF, place, message, path="ref", hint=hint)
