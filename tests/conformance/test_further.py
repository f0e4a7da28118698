from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.conformance.further import CASES, Refused, Taken
from tests.conformance.test_conformance import compiled


@pytest.mark.parametrize("name", CASES)
def test_verdict_is_what_the_rules_say(name: str) -> None:
    case = CASES[name]
    data = case.text if isinstance(case.text, bytes) else case.text.encode()
    workflow, checked = compiled("w.yaml", data)
    told = [one for one in checked.diagnostics if one.is_error or isinstance(case, Taken)]
    assert tuple(sorted({one.rule.code for one in told})) == case.codes
    assert (workflow is not None) == isinstance(case, Taken)
    if workflow is None or isinstance(case, Refused):
        return
    definition = json.loads(workflow.document)["definition"]
    assert {path: _at(definition, path) for path in case.values} == case.values


def _at(value: Any, path: str) -> Any:
    """What is at a path such as `tasks[0].name`; None where there is nothing."""
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        value = value[int(index)] if index else value.get(name)
    return value
