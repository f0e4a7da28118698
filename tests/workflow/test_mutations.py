"""Any single mistake in any valid workflow is found, and at the lines where it was made."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.dumping import dump
from tests.validate.packs import check_one
from tests.workflow.mutations import MUTATIONS, At, Path
from tests.workflow.strategies import WORKFLOW, Data


@pytest.mark.parametrize("name", MUTATIONS)
@settings(max_examples=5, deadline=None)  # a shared machine may stall
@given(st.data())
def test_a_mistake_is_found_where_it_is(name: str, data: st.DataObject) -> None:
    mutation = MUTATIONS[name]
    workflow = deepcopy(data.draw(WORKFLOW))
    path, target = data.draw(st.sampled_from(_targets(workflow, mutation.at)))
    blamed = (*path, *mutation.change(target))
    text = dump(workflow)
    spans = [one.span for one in check_one(text).diagnostics if one.rule.code == mutation.code]
    first, last = _lines(text, blamed)
    assert any(first <= span.line <= span.end_line <= last for span in spans), text


def _targets(workflow: Data, at: At) -> list[tuple[Path, Data]]:
    if at is At.WORKFLOW:
        return [((), workflow)]
    if at is At.ANY:
        return [found for found in _objects(workflow, ()) if found[1]]
    tasks = list(_tasks(workflow, ()))
    if at is At.TASK:
        return tasks
    return [(path, task) for path, task in tasks if "tasks" not in task]


def _tasks(parent: Data, path: Path) -> Iterator[tuple[Path, Data]]:
    for index, task in enumerate(parent.get("tasks", [])):
        here = (*path, "tasks", index)
        yield here, task
        yield from _tasks(task, here)


def _objects(value: object, path: Path) -> Iterator[tuple[Path, Data]]:
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            yield from _objects(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _objects(item, (*path, index))


def _lines(text: str, path: Path) -> tuple[int, int]:
    """The first and last line of what is at `path`; of a field with its key, the last of its name.

    As PyYAML sees it, which is not the parser under test.
    """
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    start = node.start_mark
    for part in path:
        if isinstance(node, yaml.MappingNode):
            key, node = [pair for pair in node.value if pair[0].value == part][-1]
            start = key.start_mark
        else:
            node = node.value[part]
            start = node.start_mark
    end = node.end_mark
    # A block ends where the next thing begins.
    return start.line + 1, end.line + (1 if end.column or end.line == start.line else 0)
