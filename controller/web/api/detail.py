"""All that is known of one pack: the list's line, the resource's status, the row. Pure."""

from __future__ import annotations

from typing import Any

from controller.web.api.seen import Seen
from controller.web.api.shapes import PackDetail
from controller.web.auth import Verb

_COLUMNS = (
    "description",
    "tags",
    "conf_schema",
    "config",
    "meta",
    "runtime_deps",
    "dependencies",
    "is_standard",
    "created",
    "updated",
)
_MASK = "***"


def detail(one: Seen, row: dict[str, Any] | None, may: list[Verb]) -> PackDetail:
    """The pack; `row` is its row by column, if it has one."""
    return PackDetail.model_validate(
        {**one.told.model_dump(), "may": may, **_status(one), **_columns(row)}
    )


def _columns(row: dict[str, Any] | None) -> dict[str, Any]:
    found = {name: row[name] for name in _COLUMNS if row.get(name) is not None} if row else {}
    if found.get("config"):
        found["config"] = _masked(found["config"], found.get("conf_schema") or {})
    return found


def _masked(config: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """`config` without the values that its schema calls secret. Attune's schema names them on top,
    JSON Schema in `properties`."""
    fields = schema.get("properties") or schema
    secret = {
        name
        for name, field in fields.items()
        if isinstance(field, dict) and (field.get("secret") or field.get("writeOnly"))
    }
    return {name: _MASK if name in secret else value for name, value in config.items()}


def _status(one: Seen) -> dict[str, Any]:
    if one.resource is None:
        return {}
    status = one.resource.status()
    return {
        "conditions": status.conditions,
        "source": status.source,
        "last_attempted_revision": status.last_attempted_revision or "",
        "commit": status.commit,
        "sync": status.sync,
        "validation": status.validation,
        "drift": status.drift,
        "pending_revision": status.pending_revision,
        "rollback": status.rollback,
    }
