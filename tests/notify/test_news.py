"""What there is to tell of a status, and in which words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from controller.notify import Subject, notice, pending, result
from controller.notify.messages import cloud_event, slack
from controller.notify.news import TEXT
from controller.notify.subject import page_of
from controller.pack.identity import PackKey
from controller.pack.status import PackStatus
from tests.notify.host import COMMIT
from tests.notify.told import (
    APPLIED,
    KEY,
    OTHER,
    PAGE,
    REFUSED,
    REVISION,
    SUBJECT,
    condition,
    outcome,
    state,
    status,
)

_FETCHED = condition("Fetched", "True")


def _status(ready: dict[str, Any], *others: dict[str, Any], applied: str = OTHER) -> PackStatus:
    return status(
        ready, _FETCHED, *others, lastAttemptedRevision=REVISION, lastAppliedRevision=applied
    )


def _not_ready(reason: str, *abnormal: str, applied: str = OTHER) -> PackStatus:
    others = [condition(kind, "True", reason) for kind in abnormal]
    return _status(condition("Ready", "False", reason, "Why."), *others, applied=applied)


RESULTS: dict[str, tuple[PackStatus, str | None]] = {
    "applied": (APPLIED, "success"),
    "refused": (REFUSED, "failure"),
    "in part": (_not_ready("PartiallySynced", "Stalled", applied=REVISION), "failure"),
    "unsigned": (_not_ready("VerificationFailed", "Stalled"), "failure"),
    "tried again": (_not_ready("DatabaseUnavailable", "Reconciling"), "pending"),
    "waits for another": (_not_ready("DependencyNotReady", "Reconciling"), "pending"),
    "waits for a person": (_not_ready("PendingApproval"), "pending"),
    "rolled back": (_status(condition("Ready", "True", "RolledBack", "Rolled back.")), "failure"),
    "applied before the database went": (
        _not_ready("DatabaseUnavailable", "Reconciling", applied=REVISION),
        None,
    ),
    "suspended": (_not_ready("Suspended"), None),
    "dry run": (_not_ready("DryRun"), None),
    "nothing yet": (PackStatus(), None),
    "repository away": (
        status(
            condition("Ready", "False", "GitUnreachable"),
            condition("Reconciling", "True"),
            condition("Fetched", "False", "GitUnreachable"),
            lastAttemptedRevision=REVISION,
        ),
        None,
    ),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_commit_is_shown_as_what_became_of_it(name: str) -> None:
    told, wanted = RESULTS[name]
    found = result(told)
    assert (found.state.value if found else None) == wanted
    assert found is None or (found.commit == COMMIT and len(found.text.encode()) <= TEXT)


def test_what_is_shown_is_for_people() -> None:
    assert outcome(APPLIED).text == "3 workflows of payments 1.2.0 in the database; 1 warning."
    assert outcome(REFUSED).text.startswith("main@1f3a1f3a has 1 error: workflows/deploy.yaml:12")


def test_news_are_the_same_until_they_say_something_else() -> None:
    later = APPLIED.model_copy(update={"last_sync_time": "2026-11-25T13:00:00Z"})
    assert outcome(APPLIED).key == outcome(later).key
    assert state(APPLIED).key == state(later).key
    keys = {outcome(APPLIED).key, outcome(REFUSED).key, pending(COMMIT).key}
    assert len(keys) == 3
    assert state(APPLIED).key != state(REFUSED).key
    other = notice("uid-2", APPLIED)
    assert other
    assert other.key != state(APPLIED).key


STATES: dict[str, tuple[PackStatus, str | None]] = {
    "ready": (APPLIED, "ready"),
    "rolled back": (RESULTS["rolled back"][0], "ready"),
    "failed": (REFUSED, "failed"),
    "retrying": (RESULTS["repository away"][0], "retrying"),
    "waiting": (RESULTS["waits for a person"][0], "waiting"),
    "suspended": (RESULTS["suspended"][0], "suspended"),
    "dry run": (RESULTS["dry run"][0], None),
    "nothing yet": (PackStatus(), None),
}


@pytest.mark.parametrize("name", STATES)
def test_a_webhook_hears_of_the_state(name: str) -> None:
    told, wanted = STATES[name]
    found = notice("uid-1", told)
    assert (found.kind.value if found else None) == wanted


def test_an_event_is_one_of_cloud_events_1_0() -> None:
    event = json.loads(json.dumps(cloud_event(SUBJECT, state(REFUSED))))
    required = {"specversion", "id", "source", "type"}
    assert all(event[name] and isinstance(event[name], str) for name in required)
    assert all(name.isalnum() and name.islower() for name in event)
    assert event["specversion"] == "1.0"
    assert event["source"] == "/apis/attune.io/v1alpha1/namespaces/team-a/packs/payments"
    assert event["type"] == "io.attune.pack.failed"
    assert event["time"] == "2026-11-25T12:00:00Z"
    assert event["data"]["errors"] == 1
    assert event["data"]["url"] == PAGE
    assert event["data"]["appliedRevision"] == OTHER


def test_a_link_leads_to_the_page_of_the_pack() -> None:
    assert page_of("https://a.example/sub/", KEY, "pay") == (
        "https://a.example/sub/?pack=pay&namespace=team-a&name=payments"
    )
    assert page_of("", KEY, "pay") == ""


def test_clusters_of_one_repository_are_told_apart() -> None:
    there = Subject(KEY, "eu-1")
    assert there.context == "attune/team-a/payments/eu-1"
    assert there.source.startswith("//eu-1/apis/")
    assert "(eu-1)" in slack(there, state(APPLIED))["text"]


def test_a_message_can_neither_mention_nor_link() -> None:
    evil = "<!channel> <https://evil.example|click> & more"
    told = state(_status(condition("Ready", "False", "ValidationFailed", evil)))
    text = slack(Subject(PackKey("team-a", "payments")), told)["text"]
    assert "<" not in text
    assert "&lt;!channel&gt;" in text
    assert "&amp; more" in text
    assert slack(SUBJECT, told)["text"].count("<") == 1  # our own link
