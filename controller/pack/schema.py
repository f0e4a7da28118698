"""The models of the resource → `crds/attune.io_packs.yaml`. Pure; imports `spec` and `status`.

The API server wants a structural schema (no $ref, no anyOf with types, nothing but what OpenAPI v3
of apiextensions/v1 knows), so pydantic's JSON Schema is inlined and cleaned.
Source: kubernetes.io, "Extend the Kubernetes API with CustomResourceDefinitions".
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from controller.pack.spec import GROUP, KIND, PLURAL, VERSION, PackSpec, cel
from controller.pack.status import PackStatus

Schema = dict[str, Any]

_DROPPED = ("title", "additionalProperties", "$defs", "const")
_READY = '.status.conditions[?(@.type=="Ready")]'


def crd() -> Schema:
    """The CustomResourceDefinition as plain data, ready for YAML or JSON."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{PLURAL}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "names": {
                "kind": KIND,
                "listKind": f"{KIND}List",
                "plural": PLURAL,
                "singular": KIND.lower(),
                "shortNames": ["pk"],
                "categories": ["attune"],
            },
            "scope": "Namespaced",
            "versions": [_version()],
        },
    }


def _version() -> Schema:
    return {
        "name": VERSION,
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "additionalPrinterColumns": _columns(),
        "schema": {"openAPIV3Schema": _resource()},
    }


def _columns() -> list[Schema]:
    return [
        _column("Ref", ".status.pack.ref", "The pack's ref"),
        _column("Ready", f"{_READY}.status", "Whether the rows are those of the newest revision"),
        _column("Status", f"{_READY}.message", "Why, or why not"),
        _column("Revision", ".status.revision", "The revision that the database holds"),
        _column("Workflows", ".status.workflowCount", "Workflows in the database", kind="integer"),
        _column("Age", ".metadata.creationTimestamp", "Age of the resource", kind="date"),
        _column("URL", ".spec.git.url", "The repository", wide=True),
        _column("Synced", ".status.lastSyncTime", "Last change of rows", kind="date", wide=True),
        _column("Invalid", ".status.validation.errorCount", "Errors", kind="integer", wide=True),
    ]


def _column(
    name: str, path: str, description: str, *, kind: str = "string", wide: bool = False
) -> Schema:
    column: Schema = {"name": name, "type": kind, "jsonPath": path, "description": description}
    return {**column, "priority": 1} if wide else column


def _resource() -> Schema:
    status = structural(PackStatus)
    status["default"] = {"observedGeneration": -1}
    itself = cel(
        "!has(self.spec.dependsOn) || !self.spec.dependsOn.exists(one, "
        "one.name == self.metadata.name && !has(one.namespace))",
        "spec.dependsOn must not name the Pack itself",
    )
    return {
        "x-kubernetes-validations": [itself],
        "description": "A pack of workflows in Git that the controller keeps in Attune's database.",
        "type": "object",
        "required": ["spec"],
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
            "spec": structural(PackSpec),
            "status": status,
        },
    }


def structural(model: type[BaseModel]) -> Schema:
    """`model`'s schema as apiextensions/v1 wants it."""
    schema = model.model_json_schema(by_alias=True)
    cleaned: Schema = _clean(schema, schema.get("$defs", {}))
    return cleaned


def _clean(schema: Any, definitions: Schema) -> Any:
    """One schema without references and without what the API server does not know."""
    schema = _resolved(_present(_resolved(schema, definitions)), definitions)
    cleaned = {key: value for key, value in schema.items() if key not in _DROPPED}
    if cleaned.get("default", ...) is None:
        del cleaned["default"]
    if "properties" in cleaned:
        cleaned["properties"] = {
            name: _clean(part, definitions) for name, part in cleaned["properties"].items()
        }
    values = schema.get("additionalProperties")
    if isinstance(values, dict):
        cleaned["additionalProperties"] = _clean(values, definitions)
    if "items" in cleaned:
        cleaned["items"] = _clean(cleaned["items"], definitions)
    return cleaned


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    """The definition that `schema` refers to; what stands beside the reference wins."""
    if "$ref" not in schema:
        return schema
    target = definitions[schema["$ref"].rpartition("/")[2]]
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}


def _present(schema: Schema) -> Schema:
    """`X | None` as X: an optional field is one that may be absent, never one that is null."""
    if "anyOf" not in schema:
        return schema
    (only,) = (one for one in schema["anyOf"] if one != {"type": "null"})
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**only, **rest}
