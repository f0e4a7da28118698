"""Outcome → what is kept of the attempt. Pure; imports `pack`, `status` and values of `store`."""

from __future__ import annotations

import json
from hashlib import sha256

from controller.errors import Reason, Stage, Transient
from controller.pack.outcome import Failure, Findings, Outcome
from controller.reconcile.asked import Asker
from controller.redact import brief
from controller.status import fit, words
from controller.store import Attempt

DIAGNOSTIC_BYTES = 64 * 1024
"""Of all diagnostics of an attempt, as JSON; what is over it is only counted."""

_NOTHING = Findings(0, 0, ())


def attempt(asker: Asker, outcome: Outcome) -> Attempt:
    """What is to be remembered of a reconcile that ended in `outcome`."""
    findings = outcome.findings or _NOTHING
    failure = outcome.failure
    is_gits = outcome.findings is not None or (failure and failure.stage is not Stage.SYNCED)
    revision = outcome.revision if is_gits else outcome.held
    errors = len(findings.errors)
    found = fit.diagnostics(findings, DIAGNOSTIC_BYTES)
    return Attempt(
        owner=asker.owner,
        pack_ref=outcome.applied.pack_ref if outcome.applied else asker.pack_ref,
        generation=asker.generation,
        asked_by=asker.asked_by,
        duration_ms=round(outcome.seconds * 1000),
        revision=str(revision or ""),
        commit=revision.commit if revision else "",
        details=outcome.commit if is_gits else outcome.held_commit,
        stage=failure.stage.value if failure else "",
        reason=(failure.error.reason if failure else Reason.SUCCEEDED).value,
        message=brief(failure.error.message if failure else words.ready(outcome)),
        hint=brief(failure.error.hint) if failure else "",
        errors=errors,
        warnings=len(findings.diagnostics) - errors,
        diagnostics=tuple(
            one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in found
        ),
        fingerprint=_fingerprint(asker, outcome, failure) if failure else "",
    )


def _fingerprint(asker: Asker, outcome: Outcome, failure: Failure) -> str:
    """The same for the same failure, which is kept once however often it happens."""
    error = failure.error
    # What passes by itself is told in the words of others, with times and addresses in them.
    said = "" if isinstance(error, Transient) else str(error)
    findings = [repr(one) for one in (outcome.findings or _NOTHING).diagnostics]
    known = [asker.generation, failure.stage, error.reason, str(outcome.revision), said, findings]
    return sha256(json.dumps(known).encode()).hexdigest()
