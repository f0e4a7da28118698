"""A Pack as the API server tells of it → the values that we work with. Pure; imports `pack`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from controller.errors import InvalidSpec, Reason
from controller.pack.adoption import Adoption, adoption
from controller.pack.identity import Owner, PackKey
from controller.pack.rules import FROM_DATABASE
from controller.pack.spec import (
    ADOPT,
    APPROVE,
    APPROVED_BY,
    DRY_RUN,
    FINALIZER,
    FLUX_REQUESTED_AT,
    REQUESTED_AT,
    DeletionPolicy,
    GitRef,
    GitSpec,
    NotifySpec,
    PackSpec,
    Until,
)
from controller.pack.status import ConditionType, PackStatus
from controller.status.events import condition

Body = dict[str, Any]

_TOKEN = 256


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What has to change in a Pack for a reconcile to be due at once."""

    uid: str
    generation: int
    is_deleting: bool
    requested: str
    adopts: str
    dry_run: str
    approved: str


@dataclass(frozen=True, slots=True)
class Resource:
    """One Pack resource; `body` is its whole JSON, which nobody changes."""

    body: Body

    @property
    def _metadata(self) -> Body:
        found: Body = self.body["metadata"]
        return found

    @property
    def _annotations(self) -> Body:
        return self._metadata.get("annotations") or {}

    @property
    def key(self) -> PackKey:
        """Its name."""
        return PackKey(self._metadata["namespace"], self._metadata["name"])

    @property
    def uid(self) -> str:
        """What tells it from an earlier Pack of the same name."""
        return str(self._metadata["uid"])

    @property
    def owner(self) -> Owner:
        """It, as the owner of rows."""
        return Owner(self.uid, self.key.namespace, self.key.name)

    @property
    def generation(self) -> int:
        """The number of its spec."""
        return int(self._metadata.get("generation", 0))

    @property
    def version(self) -> int:
        """Its resourceVersion, which grows (Kubernetes KEP-5504)."""
        return int(self._metadata["resourceVersion"])

    @property
    def is_deleting(self) -> bool:
        """Whether somebody has asked for its deletion."""
        return "deletionTimestamp" in self._metadata

    @property
    def finalizers(self) -> tuple[str, ...]:
        """Who holds up its deletion."""
        return tuple(self._metadata.get("finalizers") or ())

    @property
    def is_held(self) -> bool:
        """Whether we hold up its deletion."""
        return FINALIZER in self.finalizers

    @property
    def requested(self) -> str | None:
        """The newest requestedAt annotation, ours or Flux's, as far as a status has room for it;
        both are times as a rule."""
        keys = REQUESTED_AT, FLUX_REQUESTED_AT
        given = [str(self._annotations[key]) for key in keys if key in self._annotations]
        return max(given)[:_TOKEN] if given else None

    @property
    def dry_run(self) -> str:
        """The dryRun annotation, empty where it asks for none."""
        given = str(self._annotations.get(DRY_RUN, ""))
        return "" if given.lower() == "false" else given

    @property
    def approved(self) -> str:
        """The revision that the approve annotation names, empty where there is none."""
        return str(self._annotations.get(APPROVE, ""))

    @property
    def adopts(self) -> str:
        """The adopt annotation, empty where there is none."""
        return str(self._annotations.get(ADOPT, ""))

    @property
    def adoption(self) -> Adoption:
        """What it is to take over of others."""
        return adoption(self.adopts)

    @property
    def predecessors(self) -> tuple[PackKey, ...]:
        """The Packs that it may take the place of; none while it has its own."""
        return () if self.reported else self.adoption.packs

    @property
    def approver(self) -> str:
        """Who says that they approved it, if that is told of this very revision."""
        revision, _, name = str(self._annotations.get(APPROVED_BY, "")).partition(" ")
        return name if revision and revision == self.approved else ""

    @property
    def fingerprint(self) -> Fingerprint:
        """What a change is judged by."""
        asked = self.requested or "", self.adopts, self.dry_run, self.approved
        return Fingerprint(self.uid, self.generation, self.is_deleting, *asked)

    @property
    def url(self) -> str:
        """The repository, for sharing out the workers."""
        return str(((self.body.get("spec") or {}).get("git") or {}).get("url", ""))

    @property
    def known_ref(self) -> str:
        """The ref of its pack: that it has, or wants, or else its own name."""
        has = ((self.body.get("status") or {}).get("pack") or {}).get("ref")
        return str(has or (self.body.get("spec") or {}).get("ref") or self.key.name)

    @property
    def git_ref(self) -> GitRef | None:
        """What it follows; None: the default branch, or what cannot be read."""
        wanted = ((self.body.get("spec") or {}).get("git") or {}).get("ref")
        try:
            return GitRef.model_validate(wanted) if wanted else None
        except ValidationError:
            return None

    @property
    def webhook_secret(self) -> str:
        """The name of the Secret of its own webhook; empty where it has none."""
        webhook = (self.body.get("spec") or {}).get("webhook") or {}
        return str((webhook.get("secretRef") or {}).get("name", ""))

    @property
    def notify(self) -> NotifySpec | None:
        """Who is told what becomes of it; None: nobody, or what cannot be read."""
        wanted = (self.body.get("spec") or {}).get("notify")
        try:
            return NotifySpec.model_validate(wanted) if wanted else None
        except ValidationError:
            return None

    @property
    def git(self) -> GitSpec | None:
        """Where it comes from; None: what cannot be read."""
        try:
            return GitSpec.model_validate((self.body.get("spec") or {}).get("git"))
        except ValidationError:
            return None

    @property
    def hook(self) -> str:
        """The path of its own webhook, as the status tells it."""
        return str(((self.body.get("status") or {}).get("webhook") or {}).get("path", ""))

    @property
    def depends_on(self) -> tuple[PackKey, ...]:
        """The Packs that it waits for; also of a Pack whose spec cannot be read as a whole."""
        named = (self.body.get("spec") or {}).get("dependsOn") or ()
        keys = (
            PackKey(str(one.get("namespace") or self.key.namespace), str(one.get("name", "")))
            for one in named
        )
        return tuple(dict.fromkeys(keys))

    @property
    def deletion_policy(self) -> DeletionPolicy:
        """What becomes of the rows; also of a Pack whose spec cannot be read as a whole."""
        wanted = (self.body.get("spec") or {}).get("deletionPolicy")
        return (
            DeletionPolicy.RETAIN
            if wanted == DeletionPolicy.RETAIN.value
            else DeletionPolicy.DELETE
        )

    def spec(self) -> PackSpec:
        """What it asks for; raises `InvalidSpec` when it was stored under a looser schema."""
        try:
            return PackSpec.model_validate(self.body.get("spec") or {})
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise InvalidSpec(
                Reason.INVALID_SPEC,
                f"spec.{place} is not valid: {first['msg']}.",
                hint="Correct it; `kubectl explain pack.spec` tells what is wanted.",
            ) from None

    def status(self) -> PackStatus:
        """What was said of it last; nothing when that cannot be read."""
        try:
            return PackStatus.model_validate(self.body.get("status") or {})
        except ValidationError:
            return PackStatus()

    @property
    def reported(self) -> str:
        """The revision of the last sync, where the status says that this very spec is met, and
        what it says can only change with a commit."""
        status = self.status()
        ready = condition(status, ConditionType.READY)
        is_met = (
            ready is not None
            and ready.status == "True"
            and status.observed_generation == self.generation
            and not _waits_for_actions(status)
        )
        return status.history[0].revision if is_met and status.history else ""

    @property
    def seen(self) -> tuple[str, ...]:
        """The commit that Git's head was when it was looked at last, if it ever was."""
        revision = self.status().last_attempted_revision or ""
        commit = revision.rpartition(":")[2]
        return (commit,) if commit else ()

    @property
    def drift(self) -> str:
        """The digest of what the status tells of rows that others changed and that stay so."""
        told = self.status().drift
        return (told.digest or "") if told else ""

    @property
    def conditions(self) -> tuple[Body, ...]:
        """What was said of it last, as the API server has it."""
        return tuple((self.body.get("status") or {}).get("conditions") or ())

    @property
    def workflow_count(self) -> int:
        """How many workflows it has in the database, as was said of it last."""
        return int((self.body.get("status") or {}).get("workflowCount") or 0)

    @property
    def is_suspended(self) -> bool:
        """Whether nothing is to be done for it."""
        return bool((self.body.get("spec") or {}).get("suspend"))

    @property
    def is_current(self) -> bool:
        """Whether its status speaks of its spec as it is now."""
        return self.status().observed_generation == self.generation

    @property
    def standing(self) -> tuple[bool, str, bool, str]:
        """What Packs that depend on it wait for, or are told of."""
        return self.is_ready, self.ready_reason, self.is_current, self.attempted

    @property
    def attempted(self) -> str:
        """The revision that it looked at last."""
        return self.status().last_attempted_revision or ""

    def follows_as(self, other: Resource) -> bool:
        """Whether it follows the same reference of the same repository as `other`."""
        return not self._is_held_back and self._followed == other._followed

    @property
    def _is_held_back(self) -> bool:
        """Whether a rollback holds it, so that nobody looks at its repository."""
        rollback = (self.body.get("spec") or {}).get("rollback") or {}
        return rollback.get("until") == Until.REMOVED

    @property
    def _followed(self) -> tuple[str, Body]:
        git = (self.body.get("spec") or {}).get("git") or {}
        return self.url, git.get("ref") or {}

    @property
    def ready_reason(self) -> str:
        """The reason of its Ready condition."""
        return str(self._ready.get("reason", ""))

    @property
    def is_ready(self) -> bool:
        """Whether its Ready condition is True."""
        return self._ready.get("status") == "True"

    @property
    def _ready(self) -> Body:
        return next((one for one in self.conditions if one["type"] == ConditionType.READY), {})


def _waits_for_actions(status: PackStatus) -> bool:
    """Whether it warns of something that an action in the database may have put right."""
    validation = status.validation
    if validation is None:
        return False
    codes = {one.code for one in validation.diagnostics}
    return validation.truncated or not codes.isdisjoint(rule.code for rule in FROM_DATABASE)
