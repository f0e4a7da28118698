"""Steps in their order, until one fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from controller.doctor.examination import Probe, examine
from controller.doctor.finding import Finding, Noted, Result, Skipped, Step
from controller.errors import Reason, Stalled


class Examined:
    """What was found, and in what each step was done; the clock goes on by 2 s at each look."""

    def __init__(self, *steps: tuple[Step, Probe]) -> None:
        self.around: list[Step] = []
        self._time = 0.0
        self.found: list[Finding] = []
        for one in examine(steps, self._clock, self._around):
            self.found.append(one)

    def _clock(self) -> float:
        self._time += 2
        return self._time

    @contextmanager
    def _around(self, step: Step) -> Iterator[None]:
        yield
        self.around.append(step)


def works() -> Noted:
    return Noted("It works.", {"number": 7})


def idle() -> Skipped:
    return Skipped("nothing to do")


def fails() -> Noted:
    raise Stalled(Reason.REF_NOT_FOUND, "There is none.", hint="Make one.")


def never() -> Noted:
    raise AssertionError("a step was done after one that failed")


def test_each_step_is_timed_and_told() -> None:
    examined = Examined((Step.URL, works), (Step.PROXY, idle))
    assert examined.found == [
        Finding(Step.URL, Result.OK, "It works.", {"number": 7}, seconds=2.0),
        Finding(Step.PROXY, Result.SKIPPED, "nothing to do"),
    ]
    assert examined.around == [Step.URL, Step.PROXY]


def test_after_a_failure_nothing_is_done() -> None:
    examined = Examined((Step.DNS, fails), (Step.TLS, never), (Step.FETCH, never))
    first, *rest = examined.found
    assert (first.result, first.detail, first.reason, first.hint) == (
        Result.FAILED,
        "There is none.",
        "RefNotFound",
        "Make one.",
    )
    assert [(one.step, one.result, one.detail) for one in rest] == [
        (Step.TLS, Result.SKIPPED, "not tried: dns failed"),
        (Step.FETCH, Result.SKIPPED, "not tried: dns failed"),
    ]
    assert examined.around == [Step.DNS]
