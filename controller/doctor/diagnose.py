"""All steps of a case, and the status of its Pack beside them. Imports this package."""

from __future__ import annotations

import time
from collections.abc import Iterator

from controller.doctor.beside import Told, compare
from controller.doctor.case import Case
from controller.doctor.examination import Around, examine
from controller.doctor.finding import Finding, Result
from controller.doctor.steps import Steps


def diagnose(case: Case, told: Told | None, around: Around) -> Iterator[Finding]:
    """A finding for each step, as soon as it is done, and for a Pack one for what it says of
    itself (`told`); each step is done within `around`."""
    steps = Steps(case)
    failed: Finding | None = None
    for found in examine(steps.probes(), time.monotonic, around):
        if found.result is Result.FAILED:
            failed = found
        yield found
    if told is not None:
        yield compare(told, steps.revision, failed)
