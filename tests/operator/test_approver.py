"""Who is said to have approved a revision: only of that very revision it counts."""

from __future__ import annotations

import pytest

from controller.operator.resource import Resource
from controller.pack.spec import APPROVE, APPROVED_BY

OLD, NEW = "main@sha1:" + "1" * 40, "main@sha1:" + "2" * 40


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, ""),
        ({APPROVE: NEW}, ""),
        (
            {APPROVE: NEW, APPROVED_BY: f"{NEW} system:serviceaccount:a:b"},
            "system:serviceaccount:a:b",
        ),
        ({APPROVE: NEW, APPROVED_BY: f"{NEW} Jane Doe"}, "Jane Doe"),
        ({APPROVE: NEW, APPROVED_BY: f"{OLD} jane"}, ""),
        ({APPROVE: NEW, APPROVED_BY: f"{NEW} "}, ""),
        ({APPROVED_BY: " jane"}, ""),
    ],
)
def test_the_approver(given: dict[str, str], name: str) -> None:
    pack = Resource({"metadata": {"namespace": "a", "name": "b", "annotations": given}})
    assert pack.approver == name
