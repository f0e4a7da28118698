"""What a pack's files say, checked and ready to be stored. Imports nothing of ours.

`validate` makes these values, `store` writes them, and neither knows the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
