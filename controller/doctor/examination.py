"""The steps in their order, until one fails. Pure: the clock and the steps come from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from controller.doctor.finding import Finding, Noted, Result, Skipped, Step
from controller.errors import PackError

Probe = Callable[[], Noted | Skipped]
"""Does a step; raises `PackError` when it does not work."""


Around = Callable[[Step], AbstractContextManager[None]]
"""What a step is done in, such as a sign on the terminal that it is under way."""


def examine(
    steps: Iterable[tuple[Step, Probe]], clock: Callable[[], float], around: Around
) -> Iterator[Finding]:
    """A finding for each step, as soon as it is done; after one that fails, none is done."""
    failed: Step | None = None
    for step, probe in steps:
        if failed:
            yield Finding(step, Result.SKIPPED, f"not tried: {failed} failed")
            continue
        with around(step):
            found = _done(step, probe, clock)
        if found.result is Result.FAILED:
            failed = step
        yield found


def _done(step: Step, probe: Probe, clock: Callable[[], float]) -> Finding:
    begun = clock()
    try:
        came = probe()
    except PackError as error:
        taken = clock() - begun
        return Finding(
            step,
            Result.FAILED,
            error.message,
            reason=error.reason.value,
            hint=error.hint,
            seconds=taken,
        )
    if isinstance(came, Skipped):
        return Finding(step, Result.SKIPPED, came.why)
    return Finding(step, Result.OK, came.detail, came.facts, seconds=clock() - begun)
