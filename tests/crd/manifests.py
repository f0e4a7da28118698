"""Packs as the tests write them: the smallest one, with parts of its spec replaced."""

from __future__ import annotations

import json
from typing import Any

Spec = dict[str, Any]

URL = "https://git.example.com/acme/packs.git"


def pack(spec: Spec, name: str = "tour") -> str:
    """The manifest of a Pack whose spec is the smallest one with `spec` laid over it."""
    body = {
        "apiVersion": "attune.io/v1alpha1",
        "kind": "Pack",
        "metadata": {"name": name},
        "spec": {"git": {"url": URL}, **spec},
    }
    return json.dumps(body)


def git(**parts: Any) -> Spec:
    """A spec that follows the usual repository with `parts` of `spec.git` replaced."""
    return {"git": {"url": URL, **parts}}
