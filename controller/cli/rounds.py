"""One pass of `packctl dev` over one pack, as a value. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from controller.errors import PackError, Reason, Waiting
from controller.formats import PackResult
from controller.pack.tree import Entry
from controller.store import Receipt

_WRONG_FILES = {Reason.PACK_INVALID, Reason.VALIDATION_FAILED}


class Result(StrEnum):
    """What it ended in: the rows are as the files say; all but those of invalid files are; the
    files, or something else, stood in the way; or the pack is not there any more."""

    APPLIED = "applied"
    PARTIAL = "partial"
    INVALID = "invalid"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Round:
    """What was found and done at `time`, in how many `seconds`.

    `ref` is the pack's, None where nobody can tell; `found` and `files` are None and empty for a
    pack that is gone. `failure` is why not all rows are as the files say.
    """

    time: datetime
    source: str
    ref: str | None = None
    found: PackResult | None = None
    files: tuple[Entry, ...] = ()
    receipt: Receipt | None = None
    failure: PackError | None = None
    seconds: float = 0.0

    @property
    def result(self) -> Result:
        """What it ended in."""
        if self.found is None:
            return Result.GONE
        if self.failure is None:
            return Result.APPLIED
        if self.failure.reason in _WRONG_FILES:
            return Result.INVALID
        if self.receipt is None:
            return Result.FAILED
        return Result.APPLIED if isinstance(self.failure, Waiting) else Result.PARTIAL

    @property
    def changed(self) -> bool:
        """Whether any row of Attune's was written."""
        done = self.receipt
        if done is None:
            return False
        return bool(done.created or done.updated or done.pruned or done.pack_changed)

    def repeats(self, before: Round | None) -> bool:
        """Whether there is nothing to tell of it, after `before`."""
        return before is not None and not self.changed and _story(self) == _story(before)

    def mends(self, before: Round | None) -> bool:
        """Whether all is well now that was not before."""
        was_bad = before is not None and before.result not in (Result.APPLIED, Result.GONE)
        return was_bad and self.result is Result.APPLIED


def _story(one: Round) -> object:
    reason = one.failure.reason if one.failure else None
    return one.result, reason, one.files, one.found and one.found.findings
