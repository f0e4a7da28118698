from __future__ import annotations

from controller.errors import Reason, Stage, Transient
from controller.operator.successes import Successes
from controller.pack.identity import PackKey
from controller.pack.outcome import Failure, Outcome

_KEY, _OTHER = PackKey("team", "a"), PackKey("team", "b")
_AWAY = Failure(Stage.FETCHED, Transient(Reason.GIT_UNREACHABLE, "It is away."))


def test_only_what_went_well_counts_and_only_for_packs_that_are_there() -> None:
    known = Successes()
    known.heard(_KEY, Outcome("u", "r", failure=_AWAY))
    known.heard(_KEY, Outcome("u", "r", hindrance=_AWAY))
    assert known.of([_KEY]) == {}
    for key in (_KEY, _OTHER):
        known.heard(key, Outcome("u", "r", verified_unchanged=True))
    first = known.of([_KEY, _OTHER])
    assert set(first) == {_KEY, _OTHER}
    known.heard(_KEY, Outcome("u", "r", failure=_AWAY))
    assert known.of([_KEY]) == {_KEY: first[_KEY]}
    assert known.of([_KEY, _OTHER]) == {_KEY: first[_KEY]}
