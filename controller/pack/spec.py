"""What a user asks for in `Pack.spec`, as pydantic models: the source of the CRD's schema.

Imports `quantity`, `diagnostic` and `rules`. What is allowed stands twice on purpose: as JSON
Schema and CEL for the API server, which refuses before anything is stored, and as pydantic's for
objects stored under an older CRD.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from controller.pack.diagnostic import Level
from controller.pack.quantity import DURATION_PATTERN, SIZE_PATTERN, seconds, size_in_bytes
from controller.pack.rules import CATALOGUE

GROUP = "attune.io"
VERSION = "v1alpha1"
KIND = "Pack"
PLURAL = "packs"
FINALIZER = "attune.io/pack"
REQUESTED_AT = "reconcile.attune.io/requestedAt"
DRY_RUN = "reconcile.attune.io/dryRun"
APPROVE = "reconcile.attune.io/approve"
APPROVED_BY = "reconcile.attune.io/approvedBy"
"""The revision that APPROVE names, a space, and who says so: no proof of anything."""
FLUX_REQUESTED_AT = "reconcile.fluxcd.io/requestedAt"
ADOPT = "attune.io/adopt"

_MIN_INTERVAL = 10
_REF_NAME = r"^[^\s~^:?*\[\\\-/][^\s~^:?*\[\\]*$"
_FULL_NAME = r"^refs/[^\s~^:?*\[\\]+$"
_COMMIT = r"^([0-9a-f]{40}|[0-9a-f]{64})$"
_MAX_SEVERITIES = 100
_MAX_DEPENDENCIES = 64
_ADJUSTABLE = [rule.code for rule in CATALOGUE if rule.adjustable]
_OTHER_CODES = f"self.filter(code, !(code in {_ADJUSTABLE}))"
_SCP_LIKE = "^[^/:@]*@([^/:@]*|[[][^/@]*[]]):."
_SSH_USER = "[A-Za-z0-9_][A-Za-z0-9._+-]*@"
_SSH_HOST = "([A-Za-z0-9][A-Za-z0-9._-]*|[[][0-9A-Fa-f:.]+[]])"
_SSH = f"^ssh://({_SSH_USER})?{_SSH_HOST}(:[0-9]+)?/+[^/-]|^{_SSH_USER}{_SSH_HOST}:/*[^/-]"
_PACK_REF = r"^[a-z][a-z0-9_-]+$"


def cel(rule: str, message: str, *, naming: str = "") -> dict[str, Any]:
    """One validation rule that the API server runs (Common Expression Language).

    `naming` is an expression for a message that names the value, in place of `message`.
    """
    made = {"rule": rule, "message": message}
    return {**made, "messageExpression": naming} if naming else made


def _rules(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"x-kubernetes-validations": list(rules), **more}


class Section(BaseModel):
    """A part of a resource: camelCase outside, immutable inside, unknown fields left alone."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore"
    )


class OnInvalid(StrEnum):
    """What becomes of a commit in which some workflow is invalid."""

    BLOCK = "Block"
    SKIP = "Skip"


class DriftPolicy(StrEnum):
    """What becomes of rows that others changed or deleted."""

    CORRECT = "Correct"
    WARN = "Warn"
    IGNORE = "Ignore"


class DeletionPolicy(StrEnum):
    """What becomes of the rows when the Pack is deleted."""

    DELETE = "Delete"
    RETAIN = "Retain"


class Activation(StrEnum):
    """Who decides that a new revision is applied."""

    AUTOMATIC = "Automatic"
    MANUAL = "Manual"


class Until(StrEnum):
    """How long a rollback holds."""

    NEXT_COMMIT = "NextCommit"
    REMOVED = "Removed"


class VerificationMode(StrEnum):
    """What must be signed by a trusted key."""

    HEAD = "HEAD"
    TAG = "Tag"
    TAG_AND_HEAD = "TagAndHEAD"


class SecretReference(Section):
    """The name of a Secret in the Pack's own namespace."""

    name: str = Field(description="Name of the Secret.", min_length=1, max_length=253)


class PackReference(Section):
    """The name of another Pack."""

    name: str = Field(description="Name of the Pack.", min_length=1, max_length=253)
    namespace: str | None = Field(
        None,
        description="Its namespace; that of this Pack when absent.",
        min_length=1,
        max_length=63,
    )


class GitRef(Section):
    """What to follow; at most one of the fields."""

    model_config = ConfigDict(
        json_schema_extra=_rules(
            cel(
                "[has(self.branch), has(self.tag), has(self.semver), has(self.name), "
                "has(self.commit)].filter(x, x).size() <= 1",
                "set only one of branch, tag, semver, name and commit",
            )
        )
    )

    branch: str | None = Field(
        None, description="Branch to follow.", pattern=_REF_NAME, max_length=255
    )
    tag: str | None = Field(None, description="Tag to follow.", pattern=_REF_NAME, max_length=255)
    semver: str | None = Field(
        None,
        description="Range of versions, such as ^1.2 or >=1.0.0 <2.0.0: the newest tag in it is "
        "followed. Pre-releases count where the range names one (>=1.0.0-0).",
        min_length=1,
        max_length=256,
    )
    name: str | None = Field(
        None,
        description="Full name of the reference to follow, such as refs/pull/7/head.",
        pattern=_FULL_NAME,
        max_length=255,
    )
    commit: str | None = Field(
        None, description="Full id of the commit to stay at.", pattern=_COMMIT, max_length=64
    )


class VerificationSpec(Section):
    """Which signatures a revision must have to be applied."""

    mode: VerificationMode = Field(
        VerificationMode.HEAD,
        description="HEAD: the commit must be signed. Tag: the annotated tag. TagAndHEAD: both.",
    )
    secret_ref: SecretReference = Field(
        description="Secret with the trusted keys: OpenPGP public keys, armored or binary, and "
        "allowed_signers (ssh-keygen(1)); all of its values count.",
    )


class GitSpec(Section):
    """Where the pack comes from."""

    model_config = ConfigDict(
        json_schema_extra=_rules(
            cel(
                "!has(self.verify) || self.verify.mode == 'HEAD' || has(self.ref) && "
                "(has(self.ref.tag) || has(self.ref.semver) || "
                "has(self.ref.name) && self.ref.name.startsWith('refs/tags/'))",
                "verify.mode Tag and TagAndHEAD need a tag to follow: set ref.tag, ref.semver, or "
                "a ref.name that begins with refs/tags/",
            )
        )
    )

    url: str = Field(
        description="Address of the repository: https://…, ssh://git@host/path or git@host:path; "
        "http:// and file:// where the operator allows them. Credentials go into secretRef, never "
        "into the URL.",
        min_length=1,
        max_length=2048,
        json_schema_extra=_rules(
            cel(
                f"self.matches('^(https|ssh|http|file)://.|{_SCP_LIKE}')",
                "url must begin with https:// or ssh://, or be like git@host:path (or begin with "
                "http://, file:// where the operator allows them)",
            ),
            cel(
                "self.matches('^[!-~]*$')",
                "url must be on one line, without spaces and characters outside ASCII: write %20 "
                "for a space",
            ),
            cel(
                "!self.matches('^(https|http|file)://[^/]*@|^ssh://[^/@]*:[^/]*@')",
                "url must not hold credentials: put them into a Secret and name it in secretRef",
            ),
            cel(
                f"!self.matches('^ssh://|{_SCP_LIKE}') || self.matches('{_SSH}')",
                "an ssh url must be like ssh://git@host:22/path or git@host:path, its user, host "
                "and path not beginning with a dash",
            ),
        ),
    )
    ref: GitRef = Field(
        default_factory=GitRef,
        description="What to follow; the remote's default branch when absent.",
    )
    path: str = Field(
        "",
        description="The pack's folder in the repository; its root when empty.",
        max_length=1024,
        json_schema_extra=_rules(
            cel(
                "!self.startsWith('/') && !self.split('/').exists(part, part == '..')",
                "path must be relative to the repository's root and must not hold '..'",
            )
        ),
    )
    secret_ref: SecretReference | None = Field(
        None,
        description="Secret that opens the repository: username and password, bearerToken, "
        "identity and known_hosts (ssh), githubAppID and its like; ca.crt, tls.crt and tls.key.",
    )
    proxy_secret_ref: SecretReference | None = Field(
        None,
        description="Secret with the address of a proxy, and a username and password for it.",
    )
    verify: VerificationSpec | None = Field(
        None, description="Apply only what is signed by a trusted key."
    )


class ValidationSpec(Section):
    """How strict to be."""

    on_invalid: OnInvalid = Field(
        OnInvalid.BLOCK,
        description="Block: a commit applies whole or not at all. Skip: valid workflows apply, an "
        "invalid one keeps its last good version.",
    )
    unknown_actions: Level = Field(
        Level.WARN,
        description="What to make of an action of another pack that the database does not have. "
        "A missing action of the pack's own is ATT511, an error.",
    )
    severities: dict[str, Level] = Field(
        default_factory=dict,
        description="What to make of rules, by code (ATT123). Errors after which nothing could be "
        "stored stay errors. This has the last word over packctl.toml and comments in files.",
        max_length=_MAX_SEVERITIES,
        json_schema_extra=_rules(
            cel(
                f"{_OTHER_CODES}.size() == 0",
                "severities are by the code of a rule that can be adjusted: see docs/rules",
                naming=f"'no severity can be set for ' + {_OTHER_CODES}[0] + "
                "': docs/rules lists the rules that can be adjusted'",
            )
        ),
    )
    max_file_size: str = Field(
        "1Mi",
        description="Largest workflow file, in bytes, Ki or Mi; 1Mi at most.",
        pattern=SIZE_PATTERN,
        max_length=12,
        json_schema_extra=_rules(
            cel(
                "quantity(self).compareTo(quantity('1Mi')) <= 0",
                "maxFileSize must be 1Mi at most",
            )
        ),
    )

    @property
    def max_file_bytes(self) -> int:
        """`maxFileSize` in bytes."""
        return size_in_bytes(self.max_file_size)


class RollbackSpec(Section):
    """A recorded revision in place of Git's."""

    revision: int = Field(
        description="Number of the recorded revision that is applied; status.history and "
        "`packctl history` have the numbers. Needs no Git.",
        ge=1,
        le=2**31 - 1,
    )
    until: Until = Field(
        Until.NEXT_COMMIT,
        description="NextCommit: until another commit than the one rolled back from arrives; from "
        "then on this field is ignored. Removed: until this field is removed.",
    )


def _duration(low: str, high: str, name: str) -> dict[str, Any]:
    return _rules(
        cel(
            f"duration(self) >= duration('{low}') && duration(self) <= duration('{high}')",
            f"{name} must be from {low} to {high}",
        )
    )


Interval = Annotated[
    str,
    Field(
        pattern=DURATION_PATTERN,
        max_length=32,
        json_schema_extra=_duration("10s", "168h", "interval"),
    ),
]
Timeout = Annotated[
    str,
    Field(
        pattern=DURATION_PATTERN, max_length=32, json_schema_extra=_duration("1s", "1h", "timeout")
    ),
]


class WebhookSpec(Section):
    """A webhook of the Pack's own."""

    secret_ref: SecretReference = Field(
        description="Secret whose key `token` deliveries are signed with."
    )


class Provider(StrEnum):
    """Whose API takes the status of a commit."""

    GITHUB = "GitHub"
    GITLAB = "GitLab"
    GITEA = "Gitea"
    BITBUCKET_CLOUD = "BitbucketCloud"
    BITBUCKET_DATA_CENTER = "BitbucketDataCenter"


class WebhookType(StrEnum):
    """In which form a change of state is told."""

    CLOUD_EVENTS = "CloudEvents"
    SLACK = "Slack"


class CommitStatusSpec(Section):
    """Where the result of each revision is shown beside its commit."""

    provider: Provider | None = Field(
        None,
        description="Whose API it is; guessed for github.com, gitlab.com, bitbucket.org and "
        "codeberg.org when absent. Gitea is Forgejo, too.",
    )
    secret_ref: SecretReference = Field(
        description="Secret that may write there: token, username and password, or githubAppID "
        "and its like; address where the API is elsewhere; ca.crt, tls.crt and tls.key.",
    )


class NotifyWebhookSpec(Section):
    """Who is told when the state changes."""

    model_config = ConfigDict(
        json_schema_extra=_rules(
            cel("has(self.url) != has(self.secretRef)", "set one of url and secretRef")
        )
    )

    type: WebhookType = Field(
        WebhookType.CLOUD_EVENTS,
        description="CloudEvents: structured JSON. Slack: a text, as Slack, Mattermost and many "
        "others take it.",
    )
    url: str | None = Field(
        None,
        description="Where it goes; https://, or http:// where the operator allows that.",
        min_length=1,
        max_length=2048,
        json_schema_extra=_rules(
            cel(
                "self.matches('^https?://[!-~]+$') && !self.matches('^https?://[^/]*@')",
                "url must be like https://host/path, without spaces and credentials: put what is "
                "secret into a Secret and name it in secretRef",
            )
        ),
    )
    secret_ref: SecretReference | None = Field(
        None,
        description="Secret with the address in its place, and a token if that is to be shown "
        "there; ca.crt, tls.crt and tls.key.",
    )


class NotifySpec(Section):
    """Who is told what became of a revision."""

    commit_status: CommitStatusSpec | None = Field(
        None, description="Show the result of each revision beside its commit."
    )
    webhooks: tuple[NotifyWebhookSpec, ...] = Field(
        (), description="Tell these of each change of state.", max_length=4
    )


class PackSpec(Section):
    """What a Pack asks for."""

    model_config = ConfigDict(
        json_schema_extra=_rules(
            cel(
                "!has(oldSelf.ref) || (has(self.ref) && self.ref == oldSelf.ref)",
                "ref cannot be changed once it is set: make another Pack for another ref",
            )
        )
    )

    ref: str | None = Field(
        None,
        description="The ref that pack.yaml must have; taken from pack.yaml when absent. "
        "Cannot be changed once set.",
        pattern=_PACK_REF,
        max_length=128,
    )
    git: GitSpec = Field(description="Where the pack comes from.")
    webhook: WebhookSpec | None = Field(
        None,
        description="Let the repository's host tell of pushes, at the path in status.webhook.",
    )
    notify: NotifySpec | None = Field(
        None, description="Who is told what became of a revision; see docs/notifications.md."
    )
    interval: Interval = Field("5m", description="How often to look at the repository, jittered.")
    timeout: Timeout = Field("60s", description="How long one look or fetch may take.")
    suspend: bool = Field(
        default=False, description="Leave everything as it is until this is false again."
    )
    validation: ValidationSpec = Field(
        default_factory=ValidationSpec,
        description="How strict to be with invalid workflows.",
        # An object default, so that the API server fills in the fields below it.
        json_schema_extra={"default": {}},
    )
    update_existing: bool = Field(
        default=True,
        description="False: only create; differences of existing rows are reported, not written.",
    )
    prune: bool = Field(
        default=True,
        description="Workflows gone from Git go from the database; only those that this "
        "Pack wrote.",
    )
    allow_empty: bool = Field(
        default=False, description="A revision without any workflow may prune all of them."
    )
    drift_policy: DriftPolicy = Field(
        DriftPolicy.CORRECT,
        description="What to do about rows that others changed or deleted. Correct: put them right "
        "and report it. Warn: report it. Ignore: neither. What a commit changes is always written.",
    )
    deletion_policy: DeletionPolicy = Field(
        DeletionPolicy.DELETE, description="What becomes of the rows when the Pack is deleted."
    )
    history_limit: int = Field(
        20,
        description="Applied revisions that the database keeps, so that each can be applied again.",
        ge=1,
        le=1000,
    )
    activation: Activation = Field(
        Activation.AUTOMATIC,
        description="Automatic: apply each new revision. Manual: fetch, validate and plan it, and "
        "wait with status.pendingRevision until `packctl approve` or the annotation "
        "reconcile.attune.io/approve names it.",
    )
    depends_on: tuple[PackReference, ...] | None = Field(
        None,
        description="Packs that must be Ready before a change of this one is applied.",
        max_length=_MAX_DEPENDENCIES,
    )
    rollback: RollbackSpec | None = Field(
        None, description="Apply a recorded revision in place of Git's; see docs/rollback.md."
    )

    @property
    def interval_seconds(self) -> float:
        """`interval` in seconds, never below the least that the API server takes."""
        return max(_MIN_INTERVAL, seconds(self.interval))

    @property
    def timeout_seconds(self) -> float:
        """`timeout` in seconds."""
        return seconds(self.timeout)
