"""What `/openapi.json` promises is kept, whatever is asked."""

from __future__ import annotations

from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.web.api.conftest import Ask

_EXAMPLES = 20
_TOKEN = {"Authorization": "Bearer everythingeverything"}


@pytest.fixture
def failures() -> int:
    """It tries wrong tokens at each route."""
    return 10_000


def test_every_answer_is_as_it_is_promised(ask: Ask) -> None:
    place = f"http://{ask('everything').place}"
    schema = schemathesis.openapi.from_url(f"{place}/openapi.json")
    # The stream does not end.
    api = schema.include(path_regex="^/api/").exclude(path="/api/v1/events")
    asked = []
    for operation in api.get_all_operations():
        found = cast("Ok[Any]", operation).ok()
        asked.append(found.label)

        @given(case=found.as_strategy())
        @settings(
            max_examples=_EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def is_kept(case: Case[Any]) -> None:
            # No schema can tell of a document that PostgreSQL keeps no NUL, anywhere in it.
            case.call_and_validate(headers=_TOKEN, excluded_checks=[positive_data_acceptance])

        is_kept()
    assert "POST /api/v1/packs/{ref}/workflows/sync" in asked
