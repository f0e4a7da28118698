"""The chart as tests install, render and read it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from hack.localcluster import ControlPlane

CHART = Path(__file__).parents[2] / "charts" / "attune-pack-controller"
SYSTEM = "attune-system"

Body = dict[str, Any]


def install(
    cluster: ControlPlane, name: str, *options: str, chart: Path = CHART, verb: str = "install"
) -> str:
    """`helm install` (or upgrade) into SYSTEM; what Helm prints, with the notes."""
    return cluster.helm(verb, name, str(chart), "--namespace", SYSTEM, *options)


def rendered(cluster: ControlPlane, *options: str) -> list[Body]:
    """The objects that `helm template` makes."""
    text = cluster.helm("template", "attune", str(CHART), "--namespace", SYSTEM, *options)
    return [body for body in yaml.safe_load_all(text) if body]


def one(bodies: Iterable[Body], kind: str) -> Body:
    """The only object of its kind."""
    (found,) = (body for body in bodies if body["kind"] == kind)
    return found


def read(cluster: ControlPlane, *what: str) -> Body:
    """`kubectl get` of one object or list, as JSON has it."""
    body: Body = json.loads(cluster.kubectl("get", *what, "-o", "json"))
    return body


def pack(namespace: str, name: str = "tour") -> str:
    """The manifest of the shortest Pack."""
    body = {
        "apiVersion": "attune.io/v1alpha1",
        "kind": "Pack",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"git": {"url": "https://git.example.com/packs.git"}},
    }
    return json.dumps(body)
