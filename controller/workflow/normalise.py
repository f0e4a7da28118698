"""Legacy transitions → `next`, exactly as Attune converts them. Pure; imports `workflow.model`.

The order is Attune's: on_success, on_failure, on_complete, on_timeout, then the decision's
branches. Unlike Attune's, this is applied at every depth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from controller.pack.content import Json
from controller.pack.node import Mapping as MappingNode
from controller.workflow.model import Target, Transition

SUCCEEDED = "{{ succeeded() }}"
CONDITIONS: Mapping[str, str | None] = {
    "on_success": SUCCEEDED,
    "on_failure": "{{ failed() }}",
    "on_complete": None,
    "on_timeout": "{{ timed_out() }}",
}
"""The legacy fields with one target each, in order, and the condition each one stands for."""

LEGACY_FIELDS = (*CONDITIONS, "decision", "publish")


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of a legacy decision."""

    node: MappingNode
    path: str
    next: Target | None
    when: str | None = None
    default: bool = False


def transitions(fields: Mapping[str, Any]) -> tuple[Transition, ...]:
    """The transitions of a task, from the values of its fields."""
    given: tuple[Transition, ...] = fields.get("next", ())
    if given:
        return given
    converted = [
        Transition(when=when, do=(fields[name],))
        for name, when in CONDITIONS.items()
        if name in fields
    ]
    branches: tuple[Branch, ...] = fields.get("decision", ())
    converted += [
        Transition(when=branch.when, do=(branch.next,)) for branch in branches if branch.next
    ]
    publish: tuple[Json, ...] = fields.get("publish", ())
    return tuple(_publishing(converted, publish) if publish else converted)


def _publishing(converted: list[Transition], publish: tuple[Json, ...]) -> list[Transition]:
    if not converted:
        return [Transition(when=SUCCEEDED, publish=publish)]
    after_success = (
        index for index, one in enumerate(converted) if one.when and "succeeded()" in one.when
    )
    index = next(after_success, 0)
    converted[index] = replace(converted[index], publish=publish)
    return converted
