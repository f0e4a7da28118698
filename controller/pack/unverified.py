"""The failure of a revision that is not signed as it must be. Imports `errors` and `tree`."""

from __future__ import annotations

from controller.errors import Reason, Stalled
from controller.pack.tree import Commit, Revision


class Unverified(Stalled):
    """A revision that must not be applied, because a signature that was asked for is not good.

    `revision` and `commit` are what was looked at, None when it did not come to that.
    """

    def __init__(
        self, message: str, *, hint: str, reason: Reason = Reason.VERIFICATION_FAILED
    ) -> None:
        super().__init__(reason, message, hint=hint)
        self.revision: Revision | None = None
        self.commit: Commit | None = None

    def of(self, revision: Revision, commit: Commit) -> Unverified:
        """It, told of this revision."""
        self.revision, self.commit = revision, commit
        return self
