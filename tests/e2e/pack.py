"""A Pack as its user sees it: apply, ask for a reconcile, read the status, wait for a condition."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple, cast

from kubernetes import client, watch

from controller.pack.spec import FLUX_REQUESTED_AT, GROUP, PLURAL, REQUESTED_AT, VERSION
from controller.pack.status import Condition, ConditionType, PackStatus
from tests.e2e.waiting import PATIENCE, eventually

Json = dict[str, Any]

_tokens = itertools.count(time.time_ns())


class Event(NamedTuple):
    """One line of `kubectl describe`."""

    type: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a Pack's status says, with shortcuts to its conditions."""

    body: Json

    @property
    def status(self) -> PackStatus:
        """The whole of it."""
        return PackStatus.model_validate(self.body.get("status") or {})

    @property
    def version(self) -> str:
        """The resourceVersion, which any write to the Pack changes."""
        return str(self.body["metadata"]["resourceVersion"])

    @property
    def is_current(self) -> bool:
        """Whether it speaks of the spec as it is now."""
        return bool(self.status.observed_generation == self.body["metadata"]["generation"])

    def condition(self, kind: str) -> Condition | None:
        """The condition of this type."""
        wanted = ConditionType(kind)
        return next((one for one in self.status.conditions if one.type == wanted), None)

    def summary(self) -> dict[str, tuple[str, str]]:
        """Status and reason of each condition, by type."""
        return {one.type.value: (one.status, one.reason) for one in self.status.conditions}

    def message(self, kind: str = "Ready") -> str:
        """The message of the condition of this type, empty when there is none."""
        found = self.condition(kind)
        return found.message if found else ""


@dataclass(frozen=True, slots=True)
class Pack:
    """One Pack resource, which need not exist yet."""

    api: client.ApiClient
    namespace: str
    name: str

    def apply(self, spec: Json, annotations: dict[str, str] | None = None) -> None:
        """Create it, with `annotations`, or replace its spec."""
        try:
            operation = {"op": "replace", "path": "/spec", "value": spec}
            self._patch([operation], "application/json-patch+json")
        except client.ApiException as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            body = self._manifest(spec)
            body["metadata"]["annotations"] = annotations or {}
            self._objects.create_namespaced_custom_object(*self._place[:-1], body)

    def delete(self) -> None:
        """Ask for its deletion; `wait_gone` waits for it."""
        self._objects.delete_namespaced_custom_object(*self._place)

    def force_delete(self) -> None:
        """Take it away without its finalizer, as people do who are in a hurry."""
        self._patch({"metadata": {"finalizers": None}}, "application/merge-patch+json")
        self.delete()

    def annotate(self, key: str, value: str | None) -> None:
        """Set one annotation, or with None remove it."""
        self._patch({"metadata": {"annotations": {key: value}}}, "application/merge-patch+json")

    def request(self, annotation: str = REQUESTED_AT) -> str:
        """Ask for a reconcile now, as a webhook does; the token that the status will name."""
        token = str(next(_tokens))
        self.annotate(annotation, token)
        return token

    def reconcile(self, *, flux: bool = False) -> Report:
        """Ask for a reconcile and wait for its end, however it ends."""
        token = self.request(FLUX_REQUESTED_AT if flux else REQUESTED_AT)
        return self.wait_until(lambda seen: seen.status.last_handled_reconcile_at == token)

    def read(self) -> Report | None:
        """It as it is now; None when it is gone."""
        try:
            return Report(cast("Json", self._objects.get_namespaced_custom_object(*self._place)))
        except client.ApiException as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def wait(
        self,
        kind: str = "Ready",
        truth: str = "True",
        reason: str = "",
        *,
        revision: str = "",
        seconds: float = PATIENCE,
    ) -> Report:
        """Wait for a condition of the spec as it is now; with `revision`, a SHA-1, once that is the
        last one attempted."""

        def fits(seen: Report) -> bool:
            found = seen.condition(kind)
            return (
                seen.is_current
                and found is not None
                and found.status == truth
                and reason in {"", found.reason}
                and (seen.status.last_attempted_revision or "").endswith(revision)
            )

        return self.wait_until(fits, seconds=seconds)

    def wait_until(self, fits: Callable[[Report], bool], *, seconds: float = PATIENCE) -> Report:
        """Wait until `fits` holds of its report."""

        def look() -> Report | None:
            seen = self.read()
            return seen if seen and fits(seen) else None

        return eventually(look, self.read, seconds=seconds)

    def wait_gone(self, seconds: float = PATIENCE) -> None:
        """Wait until it is gone."""
        eventually(lambda: self.read() is None, self.read, seconds=seconds)

    def changes_since(self, version: str) -> list[Report]:
        """It after each write since the one that gave it the resourceVersion `version`."""
        group, api_version, namespace, plural, name = self._place
        stream = watch.Watch().stream(
            self._objects.list_namespaced_custom_object,
            *(group, api_version, namespace, plural),
            field_selector=f"metadata.name={name}",
            resource_version=version,
            timeout_seconds=1,
        )
        return [Report(cast("Json", change["object"])) for change in stream]

    def events(self) -> list[Event]:
        """The events about it, oldest first."""
        found = client.CoreV1Api(self.api).list_namespaced_event(
            self.namespace, field_selector=f"involvedObject.name={self.name}"
        )
        bodies: list[Json] = self.api.sanitize_for_serialization(found.items)
        bodies.sort(key=lambda one: int(one["metadata"]["resourceVersion"]))
        return [Event(one["type"], one["reason"], one["message"]) for one in bodies]

    def wait_events(self, *reasons: str) -> list[Event]:
        """Wait until the events about it have these reasons, in this order; an event is posted
        after the status that it tells of."""

        def look() -> list[Event]:
            seen = self.events()
            return seen if tuple(one.reason for one in seen) == reasons else []

        return eventually(look, self.events)

    def _patch(self, patch: Json | list[Json], content_type: str) -> None:
        self._objects.patch_namespaced_custom_object(
            *self._place, patch, _content_type=content_type
        )

    @property
    def _objects(self) -> client.CustomObjectsApi:
        return client.CustomObjectsApi(self.api)

    @property
    def _place(self) -> tuple[str, str, str, str, str]:
        return GROUP, VERSION, self.namespace, PLURAL, self.name

    def _manifest(self, spec: Json) -> Json:
        return {
            "apiVersion": f"{GROUP}/{VERSION}",
            "kind": "Pack",
            "metadata": {"name": self.name, "namespace": self.namespace},
            "spec": spec,
        }
