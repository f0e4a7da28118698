"""The papers hold to the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from controller.config import Settings
from controller.errors import Reason
from controller.pack.spec import PackSpec, Section

DOCS = Path(__file__).parents[2] / "docs"
README = DOCS.parent / "README.md"


def test_every_reason_is_explained() -> None:
    text = (DOCS / "conditions.md").read_text()
    explained = set(re.findall(r"^\| `(\w+)` \| ", text.partition("## Reasons")[2], re.MULTILINE))
    assert explained == {reason.value for reason in Reason}


def test_every_setting_is_explained() -> None:
    text = (DOCS / "configuration.md").read_text()
    explained = set(re.findall(r"^\| `PACKCTL_(\w+)` ", text, re.MULTILINE))
    assert explained == {name.upper() for name in Settings.model_fields}


def _fields(model: type[Section], prefix: str = "spec") -> set[str]:
    found = set()
    for name, field in model.model_fields.items():
        path = f"{prefix}.{field.alias or name}"
        inner = [part for part in _types(field.annotation) if issubclass(part, Section)]
        found |= _fields(inner[0], path) if inner else {path}
    return found


def _types(annotation: object) -> list[type]:
    parts = getattr(annotation, "__args__", (annotation,))
    return [part for part in parts if isinstance(part, type)]


def test_every_field_of_the_spec_is_explained() -> None:
    text = (DOCS / "pack.md").read_text()
    missing = {path for path in _fields(PackSpec) if f"`{path}`" not in text}
    assert not missing


@pytest.mark.parametrize(
    "page", sorted([README, *DOCS.rglob("*.md")]), ids=lambda path: str(path.name)
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_situation_has_a_test_that_is_there() -> None:
    table = (DOCS / "compatibility.md").read_text().partition("## Where Attune's sync")[2]
    rows = re.findall(r"(?m)^\| [^|]*\| [^|]*\| [^|]*\| (.*?) \|$", table)[1:]
    assert len(rows) >= 20
    default = "../tests/cli/test_attune_situations.py"
    for cell in rows[1:]:
        [(name, file)] = re.findall(r"`(test_\w+)`(?:\]\(([^)]+)\))?", cell)
        assert f"\ndef {name}(" in (DOCS / (file or default)).read_text(), name


def test_every_promise_and_fault_has_tests_that_are_there() -> None:
    text = (DOCS / "reliability.md").read_text()
    named = re.findall(r"\[`(test_\w+)`\]\(([^)]+)\)", text)
    assert len(named) > 30
    for name, file in named:
        assert f"\ndef {name}(" in (DOCS / file).read_text(), name
    rows = re.findall(r"(?m)^\| .* \|$", text)[1:]
    assert [row for row in rows if "](../tests/" not in row and not row.startswith("| f")] == []
