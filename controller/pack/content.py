"""What a pack's files say, checked and ready to be stored. Imports nothing of ours.

`validate` makes these values, `store` writes them, and neither knows the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""A value that PostgreSQL's jsonb keeps as it is: no NaN, no NUL, no integer beyond 64 bits."""


@dataclass(frozen=True, slots=True)
class PackManifest:
    """`pack.yaml`, as it goes into Attune's `pack` table."""

    ref: str
    label: str
    description: str | None
    version: str
    conf_schema: Mapping[str, Json]
    config: Mapping[str, Json]
    meta: Mapping[str, Json]
    tags: tuple[str, ...]
    runtime_deps: tuple[str, ...]
    dependencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledWorkflow:
    """One valid workflow, as it goes into `workflow_definition` and its companion `action`.

    `file` is the path inside the pack, `name` the workflow name that the file name gives,
    `blob` the object id of the file, `definition` the canonical form of the whole file.
    `digest` is the SHA-256 of `document()`, 64 hexadecimal digits, taken once: a value that is
    kept between reconciles is never hashed again.
    """

    ref: str
    name: str
    file: str
    blob: str
    label: str
    description: str | None
    version: str
    param_schema: Mapping[str, Json] | None
    out_schema: Mapping[str, Json] | None
    definition: Mapping[str, Json]
    tags: tuple[str, ...]
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", sha256(self.document().encode()).hexdigest())

    @property
    def entrypoint(self) -> str:
        """What Attune writes as the action's entrypoint, whatever the file is really called."""
        return f"workflows/{self.name}.workflow.yaml"

    def document(self) -> str:
        """Everything that is stored of it, as canonical JSON: one text for one content."""
        return json.dumps(
            {
                "ref": self.ref,
                "entrypoint": self.entrypoint,
                "label": self.label,
                "description": self.description,
                "version": self.version,
                "param_schema": self.param_schema,
                "out_schema": self.out_schema,
                "definition": self.definition,
                "tags": self.tags,
            },
            sort_keys=True,
            separators=(",", ":"),
            allow_nan=False,
        )
