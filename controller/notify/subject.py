"""Whom the news are about. Pure; imports `pack`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from controller.pack.identity import PackKey
from controller.pack.spec import GROUP, PLURAL, VERSION


@dataclass(frozen=True, slots=True)
class Subject:
    """A Pack. `cluster` is the name that the operator gave the cluster, empty where it has none;
    `page` is where people read more, empty where there is no such place."""

    key: PackKey
    cluster: str = ""
    page: str = ""

    @property
    def context(self) -> str:
        """What a host tells its statuses apart by; the same for all revisions, and for none but
        this Pack's."""
        parts = ["attune", self.key.namespace, self.key.name, self.cluster]
        return "/".join(part for part in parts if part)

    @property
    def source(self) -> str:
        """The URI-reference that a CloudEvent comes from."""
        key = self.key
        path = f"/apis/{GROUP}/{VERSION}/namespaces/{key.namespace}/{PLURAL}/{key.name}"
        return f"//{quote(self.cluster, safe='')}{path}" if self.cluster else path


def page_of(public_url: str, key: PackKey, ref: str) -> str:
    """Where people read more of a Pack, on the controller's own page; empty where that is not
    known."""
    named = {"pack": ref, "namespace": key.namespace, "name": key.name}
    return f"{public_url.rstrip('/')}/?{urlencode(named)}" if public_url else ""
