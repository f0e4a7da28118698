"""The fields of pack.yaml, as a table. Imports `workflow`'s tables.

Source of the fields: Attune's pack registration, and the pack.yaml files that Attune publishes.
"""

from __future__ import annotations

from collections.abc import Mapping

from controller.pack.node import Node
from controller.workflow import fields as read
from controller.workflow.fields import Reader, Reading
from controller.workflow.schema import MAX_NAME
from controller.workflow.table import Field, Table

PACK_REF = r"[a-z][a-z0-9_-]+"
"""The check `pack_ref_format` of Attune's `pack` table."""

VERSION = (
    r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"
)
"""The check `pack_version_semver` of that table."""

_SHORT = read.text(maximum=MAX_NAME)
_TEXTS = read.list_of(read.ENTRY)

_STORED: dict[str, Field] = {
    "ref": Field(
        read.text(minimum=1, maximum=MAX_NAME),
        "The pack's ref: a lower-case letter, then lower-case letters, digits, `_`, `-`.",
        {"pattern": f"^{PACK_REF}$"},
    ),
    "label": Field(_SHORT, "What people see; else `name`, else the ref."),
    "name": Field(_SHORT, "What people see where there is no `label`."),
    "description": Field(read.TEXT, "What the pack is for."),
    "version": Field(
        read.text(minimum=1, maximum=MAX_NAME),
        'A semantic version, in quotes: "1.0.0".',
        {"pattern": f"^{VERSION}$", "examples": ["1.0.0"]},
    ),
    "conf_schema": Field(
        read.OBJECT,
        "What `config` may hold: `{name: {type: string, default: x}}`, or a JSON Schema with "
        "`type: object`.",
    ),
    "config": Field(read.OBJECT, "The pack's default configuration. Never put secrets here."),
    "meta": Field(read.OBJECT, "Whatever else is to be known of the pack."),
    "tags": Field(_TEXTS, "Words to find the pack by."),
    "runtime_deps": Field(_TEXTS, "The runtimes that its actions need, such as `python3`."),
    "dependencies": Field(
        _TEXTS, "The packs that it needs, perhaps with a range: `core`, `core@1.0.0`, `core>=1.2`."
    ),
}

NOT_STORED: Mapping[str, tuple[Reader, str]] = {
    "author": (read.TEXT, "Who wrote the pack."),
    "contributors": (_TEXTS, "Who else wrote it."),
    "documentation": (read.TEXT, "The address of its documentation."),
    "email": (read.TEXT, "Whom to write to."),
    "enabled": (read.BOOLEAN, "Whether Attune's own installer switches it on."),
    "homepage": (read.TEXT, "The address of its home page."),
    "installers": (read.JSON, "What to run when it is installed."),
    "is_standard": (read.BOOLEAN, "Whether it comes with Attune."),
    "keywords": (_TEXTS, "Words to find the pack by."),
    "license": (read.TEXT, "Its licence, as an SPDX expression."),
    "repository": (read.TEXT, "The address of its repository."),
    "system": (read.BOOLEAN, "Whether it is part of Attune."),
    "testing": (read.OBJECT, "How its tests are run."),
}
"""Fields that Attune's own tools read: how each is read, and what it is for."""


def _leave(_node: Node, _path: str, _reading: Reading) -> None:
    """A field that is not stored: nothing that stands there keeps a pack out."""


PACK = Table(
    "Pack",
    "A pack of Attune: the file pack.yaml in its folder.",
    {
        **_STORED,
        **{
            name: Field(Reader(_leave, {}), f"{description} Not stored.")
            for name, (_, description) in NOT_STORED.items()
        },
    },
    required=("ref", "version"),
)
