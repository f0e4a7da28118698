"""A workflow as plain values, transitions already normalised. Imports `pack` only.

Whatever a rule may complain about keeps its node, so that the complaint has a place.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from enum import StrEnum

from controller.pack.content import Json
from controller.pack.node import Mapping, Node


class TaskType(StrEnum):
    """What a task runs."""

    ACTION = "action"
    PARALLEL = "parallel"
    WORKFLOW = "workflow"


class Backoff(StrEnum):
    """How the delay grows from one retry to the next."""

    CONSTANT = "constant"
    LINEAR = "linear"
    EXPONENTIAL = "exponential"


class CancellationPolicy(StrEnum):
    """What happens to running tasks when the workflow is cancelled."""

    ALLOW_FINISH = "allow_finish"
    CANCEL_RUNNING = "cancel_running"


@dataclass(frozen=True, slots=True)
class Target:
    """The name of a task that a transition leads to, and where it is written."""

    name: str
    node: Node
    path: str


@dataclass(frozen=True, slots=True)
class Transition:
    """What follows a task; `do` is None when the file gives none, which is stored as no key."""

    when: str | None = None
    publish: tuple[Json, ...] = ()
    do: tuple[Target, ...] | None = None
    chart_meta: Json = None


@dataclass(frozen=True, slots=True)
class Retry:
    """How a failed task is tried again; `delay` and `max_delay` are seconds."""

    count: int
    delay: int
    backoff: Backoff = Backoff.CONSTANT
    max_delay: int | None = None
    on_error: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Task:
    """One task; `timeout` is in seconds, `name` is empty when the file gives none that can be.

    Not frozen only because making a frozen one takes three times as long: treat it as if.
    """

    node: Mapping
    path: str
    name: str = ""
    type: TaskType = TaskType.ACTION
    action: str | None = None
    input: MappingType[str, Json]
    permission_set_refs: Json = None
    worker_selector: Json = None
    worker_tolerations: Json = None
    worker_affinity: Json = None
    when: str | None = None
    with_items: str | None = None
    batch_size: int | None = None
    concurrency: int | None = None
    retry: Retry | None = None
    timeout: int | None = None
    next: tuple[Transition, ...] = ()
    join: int | None = None
    tasks: tuple[Task, ...] | None = None
    chart_meta: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The content of one workflow file; without `ref` or `label` in it, those are empty."""

    node: Mapping
    ref: str = ""
    label: str = ""
    description: str | None = None
    version: str = ""
    parameters: MappingType[str, Json] | None = None
    output: MappingType[str, Json] | None = None
    vars: MappingType[str, Json]
    tasks: tuple[Task, ...] = ()
    output_map: MappingType[str, str] | None = None
    tags: tuple[str, ...] = ()
    cancellation_policy: CancellationPolicy = CancellationPolicy.ALLOW_FINISH
