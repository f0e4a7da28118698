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


class Reason(StrEnum):
    """The machine-readable reason of a condition. `docs/conditions.md` explains each."""

    SUCCEEDED = "Succeeded"
    PROGRESSING_WITH_RETRY = "ProgressingWithRetry"
    SUSPENDED = "Suspended"
    INVALID_SPEC = "InvalidSpec"
    INVALID_URL = "InvalidURL"
    GIT_UNREACHABLE = "GitUnreachable"
    GIT_TIMEOUT = "GitTimeout"
    AUTHENTICATION_FAILED = "AuthenticationFailed"
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
    PRUNE_BLOCKED = "PruneBlocked"
    EMPTY_PACK = "EmptyPack"
    SUPERSEDED = "Superseded"
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


class Transient(PackError):
    """A network, a server or a database is away: back off and try again."""
