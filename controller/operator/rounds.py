"""When each Pack is looked at next, and how fresh a look it needs. Pure: the time comes in.

Packs of one repository share its looks: who comes up takes one that another one made within half of
its own interval, and then comes up that much earlier the next time, so that no change stays unseen
for longer than an interval. Imports `reconcile`'s values and the schedule's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from controller.backoff import jittered
from controller.errors import Reason
from controller.operator.schedule import Priority, Turn, latest
from controller.pack.identity import PackKey
from controller.pack.outcome import Outcome
from controller.reconcile import Asked, Settled

_SHARED = 0.5
_LEAST = 1.0
_PROBE = 5.0
_LATER = 1e-6
_BETWEEN = (Priority.MOVED, Priority.FOLLOWS)
_SECRETS = (
    Reason.AUTHENTICATION_FAILED,
    Reason.SECRET_NOT_FOUND,
    Reason.VERIFICATION_FAILED,
)


@dataclass(slots=True)
class _Round:
    """What is remembered of a Pack; times in seconds on any monotonic scale. `asked` is when
    somebody asked for a look and has not got it, because something failed before."""

    settled: Settled | None = None
    looked: float | None = None
    asked: float | None = None
    due: float | None = None
    is_extra: bool = False
    is_locked_out: bool = False


class Rounds:
    """The rounds of all Packs. Safe to share between workers, since no Pack runs twice at once."""

    def __init__(self, jitter: float) -> None:
        """`jitter` is the share of an interval by which it varies."""
        self._jitter = jitter
        self._known: dict[PackKey, _Round] = {}

    def begin(self, asked: Asked, turn: Turn, now: float) -> Asked:
        """`asked`, with what this turn needs of Git and of the database."""
        known = self._known.setdefault(turn.key, _Round())
        known.is_extra = turn.priority in _BETWEEN
        known.asked = latest(known.asked, turn.asked)
        urgent = turn.priority.is_urgent
        if known.asked is not None:
            return replace(asked, since=known.asked, urgent=urgent)
        if known.is_extra:
            settled = known.settled if turn.priority is Priority.MOVED else None
            return replace(asked, since=0.0, urgent=False, settled=settled)
        since = now - asked.spec.interval_seconds * _SHARED
        return replace(asked, since=since, urgent=urgent)

    def end(self, asked: Asked, turn: Turn, outcome: Outcome) -> None:
        """Remember what came of it."""
        known = self._known.setdefault(turn.key, _Round())
        is_held = outcome.planned is not None
        is_settled = outcome.failure is None and not is_held and outcome.tree_oid
        known.settled = (
            Settled(outcome.tree_oid, asked.inputs(outcome.verdict)) if is_settled else None
        )
        known.looked = outcome.begun
        if outcome.begun is not None:
            known.asked = outcome.begun + _LATER if _is_late(outcome) else None

    def next(self, key: PackKey, interval: float, now: float, fraction: float) -> float:
        """In how many seconds to come back, by a random `fraction` of [0, 1).

        A run between the rounds, because the repository moved or what was awaited has come, leaves
        them as they are.
        """
        known = self._known.setdefault(key, _Round())
        if not (known.is_extra and known.due is not None):
            begun = now if known.looked is None else known.looked
            known.due = begun + jittered(interval, fraction, self._jitter)
        return self.again(key, now)

    def again(self, key: PackKey, now: float) -> float:
        """In how many seconds to come back, the round being as it is: sooner where a Secret may be
        put right meanwhile."""
        known = self._known[key]
        left = now if known.due is None else known.due
        return max(_LEAST, min(left - now, _PROBE if known.is_locked_out else left - now))

    def judge(self, key: PackKey, outcome: Outcome) -> None:
        """Remember whether a Secret is what stands in the way."""
        known = self._known.setdefault(key, _Round())
        failure = outcome.failure
        known.is_locked_out = failure is not None and failure.error.reason in _SECRETS

    def waits_for_secret(self, turn: Turn, now: float) -> bool:
        """Whether nothing but another Secret can make a difference in this turn."""
        known = self._known.get(turn.key)
        if known is None or not known.is_locked_out or known.due is None:
            return False
        return turn.priority is Priority.SOON and turn.asked is None and now < known.due - _LEAST

    def drop(self, key: PackKey) -> None:
        """Forget a Pack that is gone."""
        self._known.pop(key, None)


def _is_late(outcome: Outcome) -> bool:
    """Whether another one has applied what was seen later: the look is of no use any more."""
    return outcome.failure is not None and outcome.failure.error.reason is Reason.SUPERSEDED
