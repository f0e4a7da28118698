"""The lines around a problem."""

from __future__ import annotations

import pytest

from controller.web.api.beside import placed
from controller.web.api.past_shapes import Diagnostics, PlacedDiagnostic


def _found(line: int, file: str = "a.yaml") -> Diagnostics:
    one = PlacedDiagnostic(
        code="ATT203",
        severity="Error",
        category="Schema",
        message="",
        file=file,
        line=line,
        column=1,
        end_line=line,
        end_column=2,
    )
    return Diagnostics(diagnostics=[one])


@pytest.mark.parametrize(
    ("line", "around", "source", "first"),
    [
        (1, 1, "one\ntwo", 1),
        (2, 0, "two", 2),
        (3, 1, "two\nthree", 2),
        (3, 9, "one\ntwo\nthree", 1),
        (9, 1, None, None),  # the file has changed
    ],
)
def test_lines_stand_beside_a_problem(
    line: int, around: int, source: str | None, first: int | None
) -> None:
    [one] = placed(_found(line), {"a.yaml": "one\ntwo\nthree\n"}, around).diagnostics
    assert (one.source, one.source_line) == (source, first)


def test_a_file_that_is_not_known_has_no_lines() -> None:
    [one] = placed(_found(1, "b.yaml"), {"a.yaml": "one"}, 1).diagnostics
    assert one.source is None


def test_secrets_are_not_shown_and_long_lines_are_cut() -> None:
    text = "url: https://user:hunter2@example.com/x " + "y" * 9000
    [one] = placed(_found(1), {"a.yaml": text}, 0).diagnostics
    assert one.source
    assert "hunter2" not in one.source
    assert len(one.source) <= 240
