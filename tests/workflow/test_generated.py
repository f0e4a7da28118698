"""Any workflow that follows the format is accepted, and its definition says what it said."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from tests.load.dumping import dump
from tests.validate.packs import check_one
from tests.workflow.strategies import WORKFLOW


@settings(deadline=None)  # a shared machine may stall
@given(WORKFLOW)
def test_valid_workflows_are_accepted(workflow: dict[str, Any]) -> None:
    checked = check_one(dump(workflow))
    assert checked.error_count == 0
    (compiled,) = checked.workflows
    form = json.loads(compiled.document)["definition"]
    assert _without_defaults(form, workflow) == workflow


def _without_defaults(form: Any, like: Any) -> Any:
    """`form` with only those keys of the workflow and its parts that `like` has too."""
    if isinstance(form, dict) and isinstance(like, dict):
        return {key: _without_defaults(form.get(key, _EMPTY.get(key)), like[key]) for key in like}
    if isinstance(form, list) and isinstance(like, list) and len(form) == len(like):
        return [_without_defaults(one, other) for one, other in zip(form, like, strict=True)]
    return form


_EMPTY: dict[str, Any] = {"publish": []}
"""What Attune's form leaves out when it is empty."""
