"""What a text means, read without any part of the fixes."""

from __future__ import annotations

import json
from dataclasses import dataclass

from controller.load.text import decode
from controller.load.tree import parse
from controller.pack.report import Report
from controller.workflow.build import build
from controller.workflow.definition import definition


@dataclass(frozen=True, slots=True)
class Meaning:
    """The stored definition as JSON, and the codes of all diagnostics, sorted."""

    definition: str
    codes: tuple[str, ...]

    def without(self, code: str) -> Meaning:
        """The same without the diagnostics of one rule."""
        return Meaning(self.definition, tuple(one for one in self.codes if one != code))


def meaning(text: str) -> Meaning:
    """What a workflow file of this text means."""
    report = Report("w.yaml")
    plain = decode(text.encode(), report)
    assert plain is not None
    document = parse(plain, report)
    assert document is not None
    workflow = build(document, report)
    assert workflow is not None
    codes = sorted(one.rule.code for one in report.diagnostics())
    return Meaning(json.dumps(definition(workflow, "demo.w")), tuple(codes))
