"""Every failure a reconcile can end in, as one small tree. Imports nothing of ours.

    PackError               something stands between the revision in Git and the rows
    ├── Stalled             a person must act; the controller only looks again each interval
    │   └── InvalidSpec     the resource itself is wrong: nothing but an edit of it can help
    ├── Waiting             come back after a stated delay: the cause is known and passes
    └── Transient           back off and try again: a network, a server or a database is away

The reconciler turns the class into the requeue, and `reason` and `message` into conditions and
events, in one place (`status/`). A message says what is wrong and where; `hint` says what to do.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    """The machine-readable reason of a condition. `docs/conditions.md` explains each."""

    SUCCEEDED = "Succeeded"
    PROGRESSING_WITH_RETRY = "ProgressingWithRetry"
    SUSPENDED = "Suspended"
    DRY_RUN = "DryRun"
    INVALID_SPEC = "InvalidSpec"
    INVALID_URL = "InvalidURL"
    GIT_UNREACHABLE = "GitUnreachable"
    GIT_TIMEOUT = "GitTimeout"
    CERTIFICATE_INVALID = "CertificateInvalid"
    RATE_LIMITED = "RateLimited"
    HOST_NOT_ALLOWED = "HostNotAllowed"
    AUTHENTICATION_FAILED = "AuthenticationFailed"
    HOST_KEY_MISMATCH = "HostKeyMismatch"
    SECRET_NOT_FOUND = "SecretNotFound"
    REPOSITORY_NOT_FOUND = "RepositoryNotFound"
    EMPTY_REPOSITORY = "EmptyRepository"
    REF_NOT_FOUND = "RefNotFound"
    PATH_NOT_FOUND = "PathNotFound"
    VERIFICATION_FAILED = "VerificationFailed"
    LIMIT_EXCEEDED = "LimitExceeded"
    CACHE_UNAVAILABLE = "CacheUnavailable"
    PACK_INVALID = "PackInvalid"
    VALIDATION_FAILED = "ValidationFailed"
    PARTIALLY_SYNCED = "PartiallySynced"
    REF_CONFLICT = "RefConflict"
    ACTION_CONFLICT = "ActionConflict"
    DRIFT_DETECTED = "DriftDetected"
    DRIFT_CORRECTED = "DriftCorrected"
    DRIFT_RESOLVED = "DriftResolved"
    DEPENDENCY_NOT_READY = "DependencyNotReady"
    DEPENDENCY_CYCLE = "DependencyCycle"
    PRUNE_BLOCKED = "PruneBlocked"
    STILL_CALLED = "StillCalled"
    EMPTY_PACK = "EmptyPack"
    SUPERSEDED = "Superseded"
    PENDING_APPROVAL = "PendingApproval"
    ROLLED_BACK = "RolledBack"
    REVISION_NOT_FOUND = "RevisionNotFound"
    DATABASE_UNAVAILABLE = "DatabaseUnavailable"
    DATABASE_REFUSED = "DatabaseRefused"
    INTERNAL_ERROR = "InternalError"


class Stage(StrEnum):
    """The stages of a reconcile, named as the condition that each one sets."""

    FETCHED = "Fetched"
    VERIFIED = "Verified"
    VALIDATED = "Validated"
    SYNCED = "Synced"


class PackError(Exception):
    """Something stands between the revision in Git and the rows."""

    def __init__(self, reason: Reason, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """The whole story in one line: what is wrong, then what to do."""
        return f"{self.message} {self.hint}".rstrip()

    def again(self) -> Self:
        """The same failure, for another one whom it stands in the way of."""
        return type(self)(self.reason, self.message, hint=self.hint)


class Stalled(PackError):
    """A person must act; the controller only looks again each interval."""


class InvalidSpec(Stalled):
    """The resource itself is wrong: nothing but an edit of it can help."""


class Waiting(PackError):
    """The cause is known and passes: come back after `retry_after` seconds."""

    def __init__(
        self, reason: Reason, message: str, *, hint: str = "", retry_after: float = 30.0
    ) -> None:
        super().__init__(reason, message, hint=hint)
        self.retry_after = retry_after

    def again(self) -> Self:
        """The same failure, for another one whom it stands in the way of."""
        return type(self)(self.reason, self.message, hint=self.hint, retry_after=self.retry_after)


class Transient(PackError):
    """A network, a server or a database is away: back off and try again.

    `retry_after` is in how many seconds, where that was told; None: as the back-off has it.
    """

    def __init__(
        self, reason: Reason, message: str, *, hint: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(reason, message, hint=hint)
        self.retry_after = retry_after

    def again(self) -> Self:
        """The same failure, for another one whom it stands in the way of."""
        return self.later(self.retry_after)

    def later(self, retry_after: float | None) -> Self:
        """The same failure, to be tried again in `retry_after` seconds."""
        return type(self)(self.reason, self.message, hint=self.hint, retry_after=retry_after)
