"""However much there is to say, a status stays below the 32 KiB that are its bound."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.errors import Reason, Stage, Stalled
from controller.pack import rules
from controller.pack.caller import Caller
from controller.pack.diagnostic import Diagnostic, Rule, Span
from controller.pack.drift import Change, Drift, DriftedRow, Happening
from controller.pack.identity import PackKey
from controller.pack.outcome import (
    Applied,
    Approval,
    Failure,
    Findings,
    Item,
    Outcome,
    Restored,
)
from controller.pack.planned import Kind, Planned, Step
from controller.pack.rollback import Rollback
from controller.pack.spec import Until
from controller.pack.status import DiagnosticStatus, NotifiedStatus, PackStatus
from controller.pack.tree import Commit, Revision
from controller.redact import brief, scrub
from controller.status import Circumstances, fit, render
from controller.status.render import HISTORY, timestamp
from tests.status.outcomes import ERROR, NOW

RECEIVERS = 5

BOUND = 32 * 1024

LETTER = st.sampled_from(['"', "a", "\x00", "\u00e9", "\U0001f642"]) | st.characters(codec="utf-8")
URL = "https://git.example.com/" + "p" * 2000


def _diagnostic(rule: Rule, letter: str, number: int) -> Diagnostic:
    text = letter * 2000
    return Diagnostic(rule, text, text, Span(number, 1, number, 2), text, text, text)


def _drift(letter: str, many: int) -> Drift:
    text = brief(letter * 2000, limit=80)
    changes = (Change(letter * 2000, text, text),) * 10
    rows = (DriftedRow(letter * 300, tuple(Happening), changes, is_corrected=False),) * many
    return Drift(rows, many, 0, f"{many:032}" if many else "")


@settings(deadline=None, max_examples=25)
@given(LETTER, st.sampled_from(rules.CATALOGUE), st.sampled_from([0, 1, 15]))
def test_a_status_is_never_too_large(letter: str, rule: Rule, many: int) -> None:
    found = tuple(_diagnostic(rule, letter, number) for number in range(1, many + 1))
    item = Item(letter * 200, letter * 40, "ab" * 32, letter * 200)
    callers = (Caller(letter * 200, letter * 200),) * many
    applied = Applied("d" * 128, "1" * 50, 1, 2, 3, 4, 5, (item,) * many, True, callers)
    error = Stalled(Reason.VALIDATION_FAILED, letter * 5000, hint=letter)
    status = PackStatus()
    for stage in (None, *reversed(Stage)):  # so that each stage says something long
        outcome = Outcome(
            URL,
            "b" * 255,
            Revision("b" * 255, "1" * 64),
            Commit(letter * 2000, NOW, letter * 2000),
            Findings(many, 0, found),
            None if stage else applied,
            Failure(stage, error) if stage else None,
            drift=_drift(letter, many),
        )
        for _ in range(1 if stage else HISTORY):
            status = render(outcome, status, Circumstances(1, NOW, retry=NOW))
    steps = (Step(letter * 128, Kind.BLOCKED, letter * 300, drifted=True),) * many
    held = replace(outcome, planned=Planned(steps), drift=None)
    status = render(held, status, Circumstances(1, NOW, retry=NOW, dry_run=letter * 2000))
    assert status.dry_run
    name = "b" * 255
    seen = Rollback(2**31 - 1, Until.NEXT_COMMIT, f"{name}@sha256:{'1' * 64}", ("1" * 64,) * 5)
    back = Restored(Revision(name, "1" * 64), None, seen)
    waiting = Approval(PackKey("n" * 63, "p" * 253), letter * 2000)
    held = replace(held, restored=back, approval=waiting)
    status = render(held, status, Circumstances(1, NOW, retry=NOW))
    assert status.rollback
    assert status.pending_revision
    told = NotifiedStatus(to="t" * 100, news="n" * 16, time=timestamp(NOW))
    status = status.model_copy(update={"notified": (told,) * RECEIVERS})

    validation = status.validation
    assert validation
    assert validation.error_count + validation.warning_count == validation.total_count == many
    assert validation.truncated == (len(validation.diagnostics) < many)
    assert len(status.conditions) == 7
    body = status.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert len(json.dumps(body, ensure_ascii=False).encode()) <= BOUND


@given(st.text(), st.integers(10, 60))
def test_a_text_is_cut_by_bytes_and_between_characters(text: str, limit: int) -> None:
    short = brief(text, limit=limit)
    assert len(short.encode(errors="replace")) <= limit
    assert short == scrub(text) or short.endswith("…")


def test_no_more_is_made_ready_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out costs nothing: a pack may have thousands of findings, in a transaction."""
    made: list[object] = []
    real = fit._diagnostic

    def counted(one: Diagnostic) -> DiagnosticStatus:
        made.append(one)
        return real(one)

    monkeypatch.setattr(fit, "_diagnostic", counted)
    kept = fit.diagnostics(Findings(1, 1, (ERROR,) * 10_000), 1024)
    assert 0 < len(kept) < 100
    assert len(made) == len(kept) + 1
