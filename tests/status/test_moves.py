"""What a status says of a revision that came in place of another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.pack.outcome import Outcome
from controller.pack.tree import Revision
from tests.status.outcomes import FIRST, SECOND, STALLED, after, failed, synced

ONE, TWO = Revision("v1.0.0", "1" * 40), Revision("v1.1.0", "2" * 40)


def at(revision: Revision, ref: str, followed: str, url: str = "https://h/a") -> Outcome:
    made = synced(revision)
    return replace(made, source_ref=ref, followed=followed, source_url=url)


@pytest.mark.parametrize(
    ("before", "now", "why"),
    [
        pytest.param(
            at(FIRST, "main", "branch 'main'"),
            at(SECOND, "main", "branch 'main'"),
            "Branch 'main' moved.",
            id="branch",
        ),
        pytest.param(
            at(ONE, "^1", "range '^1'"),
            at(TWO, "^1", "range '^1'"),
            "'v1.1.0' is the newest tag in range '^1' now; it was 'v1.0.0'.",
            id="newer tag",
        ),
        pytest.param(
            at(FIRST, "HEAD", "HEAD"),
            at(Revision("trunk", "2" * 40), "HEAD", "HEAD"),
            "The default branch is 'trunk' now; it was 'main'.",
            id="default branch",
        ),
        pytest.param(
            at(FIRST, "main", "branch 'main'"),
            at(TWO, "^1", "range '^1'"),
            "spec.git.ref changed: range '^1' is followed, not 'main'.",
            id="other ref",
        ),
        pytest.param(
            at(FIRST, "main", "branch 'main'"),
            at(SECOND, "main", "branch 'main'", url="https://h/b"),
            "spec.git.url changed.",
            id="other repository",
        ),
    ],
)
def test_why_another_revision_came(before: Outcome, now: Outcome, why: str) -> None:
    moved = after(before, now).moved
    assert moved is not None
    assert moved.why == why
    assert (moved.from_, moved.to) == (str(before.revision), str(now.revision))
    assert moved.time == "2026-05-01T12:01:00Z"


def test_the_first_revision_came_in_place_of_none() -> None:
    assert after(synced()).moved is None


def test_a_move_is_told_until_the_next() -> None:
    told = after(synced(FIRST), synced(SECOND))
    assert told.moved is not None
    assert after(synced(FIRST), synced(SECOND), synced(SECOND)).moved == told.moved
    assert after(synced(FIRST), synced(SECOND), failed(STALLED)).moved == told.moved
    back = after(synced(FIRST), synced(SECOND), synced(FIRST)).moved
    assert back is not None
    assert back.to == str(FIRST)
