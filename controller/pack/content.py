"""What a pack's files say, checked and ready to be stored. Imports nothing of ours.

`validate` makes these values, `store` writes them, and neither knows the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, asdict, dataclass, field
from hashlib import sha256
from typing import Self

import orjson

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""A value that PostgreSQL's jsonb keeps as it is: no NaN, no NUL, no integer beyond 64 bits."""

_FOLDER, _ENDING = "workflows/", ".workflow.yaml"


def _canonical(value: Mapping[str, object]) -> bytes:
    """One text for one content, whatever the order of its keys."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


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

    @property
    def document(self) -> str:
        """All of it as canonical JSON."""
        return _canonical(asdict(self)).decode()

    @classmethod
    def recorded(cls, document: str) -> Self:
        """The manifest that a `document` was made of."""
        fields = orjson.loads(document)
        lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
        return cls(**{**fields, **lists})


@dataclass(frozen=True, slots=True)
class CompiledWorkflow:
    """One valid workflow, as it goes into `workflow_definition` and its companion `action`.

    `file` is the path inside the pack, `name` the workflow name that the file name gives,
    `blob` the object id of the file, `definition` the canonical form of the whole file.
    `document` is everything that is stored of it, as canonical JSON: one text for one content,
    with the fields that are given here and `entrypoint`. `digest` is its SHA-256, 64 hexadecimal
    digits.

    The tree is given and only its text is kept: these values outlive the reconcile, the text
    takes a quarter of the tree's memory, and the garbage collector never walks it.
    """

    ref: str
    name: str
    file: str
    blob: str
    label: str
    description: str | None
    version: str
    param_schema: InitVar[Mapping[str, Json] | None]
    out_schema: InitVar[Mapping[str, Json] | None]
    definition: InitVar[Mapping[str, Json]]
    tags: InitVar[tuple[str, ...]]
    document: str = field(init=False)
    digest: str = field(init=False)

    def __post_init__(
        self,
        param_schema: Mapping[str, Json] | None,
        out_schema: Mapping[str, Json] | None,
        definition: Mapping[str, Json],
        tags: tuple[str, ...],
    ) -> None:
        document = _canonical(
            {
                "ref": self.ref,
                "entrypoint": self.entrypoint,
                "label": self.label,
                "description": self.description,
                "version": self.version,
                "param_schema": param_schema,
                "out_schema": out_schema,
                "definition": definition,
                "tags": tags,
            }
        )
        object.__setattr__(self, "document", document.decode())
        object.__setattr__(self, "digest", sha256(document).hexdigest())

    @classmethod
    def recorded(cls, document: str, *, file: str, blob: str) -> Self:
        """The workflow that a `document` was made of, with this very text, even where this
        program would write it in another way."""
        fields = orjson.loads(document)
        name = fields.pop("entrypoint").removeprefix(_FOLDER).removesuffix(_ENDING)
        made = cls(name=name, file=file, blob=blob, **fields)
        object.__setattr__(made, "document", document)
        object.__setattr__(made, "digest", sha256(document.encode()).hexdigest())
        return made

    @property
    def entrypoint(self) -> str:
        """What Attune writes as the action's entrypoint, whatever the file is really called."""
        return f"{_FOLDER}{self.name}{_ENDING}"
