"""Statuses of Packs and letters about them, for these tests."""

from __future__ import annotations

from typing import Any

from controller.notify import Letter, Network, Subject
from controller.notify.letters import ForCommit, ForWebhook
from controller.notify.news import Notice, Result, notice, result
from controller.notify.subject import page_of
from controller.pack.identity import PackKey
from controller.pack.spec import CommitStatusSpec, GitSpec, NotifyWebhookSpec
from controller.pack.status import PackStatus
from controller.source.network.policy import NetworkPolicy, network_policy
from controller.source.urls import Scheme
from tests.notify.host import COMMIT, NAME, OWNER

KEY = PackKey("team-a", "payments")
PAGE = page_of("https://attune.example.com", KEY, "payments")
SUBJECT = Subject(KEY, "", PAGE)
LOOPBACK = network_policy(allowed_networks="loopback", denied_networks="private")
REVISION = f"main@sha1:{COMMIT}"
OTHER = f"main@sha1:{'2b' * 20}"


def network(policy: NetworkPolicy = LOOPBACK, *, http: bool = True) -> Network:
    return Network(policy, frozenset({Scheme.HTTP} if http else ()))


def condition(
    kind: str, truth: str, reason: str = "Succeeded", message: str = ""
) -> dict[str, Any]:
    return {
        "type": kind,
        "status": truth,
        "reason": reason,
        "message": message,
        "lastTransitionTime": "2026-11-25T12:00:00Z",
    }


def status(*conditions: dict[str, Any], **more: Any) -> PackStatus:
    return PackStatus.model_validate({"conditions": conditions, **more})


def diagnostic(file: str = "workflows/deploy.yaml", line: int = 12, **more: Any) -> dict[str, Any]:
    return {
        "code": "ATT301",
        "severity": "Error",
        "category": "semantics",
        "message": "There is no task 'ship'.",
        "hint": "Write 'build'.",
        "file": file,
        "line": line,
        "column": 5,
        "endLine": line,
        "endColumn": 9,
        **more,
    }


PROBLEM = (
    f"{'main@1f3a1f3a'} has 1 error: workflows/deploy.yaml:12:5 ATT301 There is no task 'ship'."
)
APPLIED = status(
    condition("Ready", "True", message="Applied main@1f3a1f3a: 3 workflows, 3 created."),
    condition("Fetched", "True"),
    lastAttemptedRevision=REVISION,
    lastAppliedRevision=REVISION,
    pack={"ref": "payments", "version": "1.2.0"},
    workflowCount=3,
    validation={"validatedCount": 3, "warningCount": 1, "totalCount": 1},
)
REFUSED = status(
    condition("Ready", "False", "ValidationFailed", PROBLEM),
    condition("Stalled", "True", "ValidationFailed", PROBLEM),
    condition("Fetched", "True"),
    condition("Validated", "False", "ValidationFailed", PROBLEM),
    lastAttemptedRevision=REVISION,
    lastAppliedRevision=OTHER,
    validation={
        "validatedCount": 3,
        "errorCount": 1,
        "warningCount": 1,
        "totalCount": 2,
        "diagnostics": [
            diagnostic(),
            diagnostic(line=3, code="ATT401", severity="Warning", hint=None, endLine=4),
        ],
    },
)


def outcome(told: PackStatus) -> Result:
    found = result(told)
    assert found
    return found


def state(told: PackStatus) -> Notice:
    found = notice("uid-1", told)
    assert found
    return found


def commit_letter(url: str, told: Result, **spec: Any) -> Letter:
    wanted = CommitStatusSpec.model_validate({"secretRef": {"name": "host"}, **spec})
    git = GitSpec.model_validate({"url": url, "path": "teams/payments"})
    return Letter(SUBJECT, "uid-1", git, ForCommit(told, wanted))


def webhook_letter(told: Notice, **spec: Any) -> Letter:
    git = GitSpec.model_validate({"url": f"https://git.example.com/{OWNER}/{NAME}"})
    return Letter(SUBJECT, "uid-1", git, ForWebhook(told, NotifyWebhookSpec.model_validate(spec)))
