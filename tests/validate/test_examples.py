"""The sample pack is valid, and shows all there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from controller.workflow.retry import RETRY
from controller.workflow.schema import TASK, WORKFLOW
from controller.workflow.transition import TRANSITION
from tests.validate.packs import check

EXAMPLES = Path(__file__).parents[2] / "examples"
TOUR = EXAMPLES / "packs" / "tour"


def _files() -> dict[str, str | bytes]:
    found = sorted(TOUR.rglob("*.yaml"))
    return {path.relative_to(TOUR).as_posix(): path.read_bytes() for path in found}


def test_tour_has_no_diagnostics() -> None:
    checked = check(_files(), expected_ref="tour", manifest=None)
    assert checked.diagnostics == ()
    assert [one.ref for one in checked.workflows] == [
        "tour.fleet",
        "tour.hello",
        "tour.legacy",
        "tour.loop",
        "tour.nightly",
        "tour.release",
    ]


def test_tour_uses_every_field_of_the_format() -> None:
    """All but the editor's own positions, which nobody writes by hand."""
    used = {key for name, data in _files().items() if name != "pack.yaml" for key in _keys(data)}
    known = {name for one in (WORKFLOW, TASK, TRANSITION, RETRY) for name in one.fields}
    assert known - used == {"__chart_meta__"}


def _keys(data: str | bytes) -> set[str]:
    return set(_all_keys(yaml.safe_load(data)))


def _all_keys(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for child in value.values() for key in _all_keys(child))]
    if isinstance(value, list):
        return [key for child in value for key in _all_keys(child)]
    return []


def test_readme_of_the_tour_lists_every_workflow() -> None:
    readme = (TOUR / "README.md").read_text()
    assert [name for name in _files() if f"`{name}`" not in readme] == ["pack.yaml"]


def test_manifests_are_packs() -> None:
    documents = [
        document
        for path in sorted((EXAMPLES / "manifests").glob("*.yaml"))
        for document in yaml.safe_load_all(path.read_bytes())
    ]
    assert {document["kind"] for document in documents} == {"Pack", "Secret"}
    assert all(
        document["spec"]["git"]["url"] for document in documents if document["kind"] == "Pack"
    )
