"""`Workflow` → the JSON that Attune stores in `workflow_definition.definition`. Pure.

The keys, and which of them stay away when they are empty, are those of Attune's own serialisation:
every optional field is there as null, except `when`, `publish` and `do` of a transition,
`cancellation_policy` when it is the default, and `__chart_meta__`.
"""

from __future__ import annotations

from controller.pack.content import Json
from controller.workflow.model import CancellationPolicy, Retry, Task, Transition, Workflow


def definition(workflow: Workflow, ref: str) -> dict[str, Json]:
    """The canonical form of a workflow whose effective ref is `ref`."""
    form: dict[str, Json] = {
        "ref": ref,
        "label": workflow.label,
        "description": workflow.description,
        "version": workflow.version,
        "parameters": workflow.parameters,
        "output": workflow.output,
        "vars": workflow.vars,
        "tasks": [_task(task) for task in workflow.tasks],
        "output_map": workflow.output_map,
        "tags": list(workflow.tags),
    }
    if workflow.cancellation_policy is not CancellationPolicy.ALLOW_FINISH:
        form["cancellation_policy"] = workflow.cancellation_policy.value
    return form


def _task(task: Task) -> dict[str, Json]:
    form: dict[str, Json] = {
        "name": task.name,
        "type": task.type.value,
        "action": task.action,
        "input": task.input,
        "permission_set_refs": task.permission_set_refs,
        "worker_selector": task.worker_selector,
        "worker_tolerations": task.worker_tolerations,
        "worker_affinity": task.worker_affinity,
        "when": task.when,
        "with_items": task.with_items,
        "batch_size": task.batch_size,
        "concurrency": task.concurrency,
        "retry": None if task.retry is None else _retry(task.retry),
        "timeout": task.timeout,
        "next": [_transition(one) for one in task.next],
        "join": task.join,
        "tasks": None if task.tasks is None else [_task(one) for one in task.tasks],
    }
    if task.chart_meta is not None:
        form["__chart_meta__"] = task.chart_meta
    return form


def _retry(retry: Retry) -> dict[str, Json]:
    return {
        "count": retry.count,
        "delay": retry.delay,
        "backoff": retry.backoff.value,
        "max_delay": retry.max_delay,
        "on_error": retry.on_error,
    }


def _transition(transition: Transition) -> dict[str, Json]:
    form: dict[str, Json] = {}
    if transition.when is not None:
        form["when"] = transition.when
    if transition.publish:
        form["publish"] = transition.publish
    if transition.do is not None:
        form["do"] = [target.name for target in transition.do]
    if transition.chart_meta is not None:
        form["__chart_meta__"] = transition.chart_meta
    return form
