"""Whether an edited text still means what it meant. Pure; may import `load`, `workflow`, `pack`."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from controller.fix.comments import comments
from controller.load.pieces import Piece, pieces
from controller.load.tree import parse
from controller.pack.diagnostic import Diagnostic, Rule
from controller.pack.report import Report
from controller.pack.rules import TOO_MANY_PROBLEMS
from controller.workflow.build import build
from controller.workflow.definition import definition
from controller.workflow.model import Workflow


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that is known of one text of a workflow file, which has no byte order mark."""

    text: str
    workflow: Workflow
    root: Piece
    diagnostics: tuple[Diagnostic, ...]

    @property
    def codes(self) -> Counter[str]:
        """How often each rule is broken."""
        return Counter(one.rule.code for one in self.diagnostics)

    @property
    def is_complete(self) -> bool:
        """Whether every problem is listed: else nobody can tell whether a fix adds one."""
        return TOO_MANY_PROBLEMS.code not in self.codes

    def stored(self) -> str:
        """The definition as JSON: `1`, `1.0` and `true` are equal in Python, and not there."""
        return json.dumps(definition(self.workflow, self.workflow.ref))


def read(text: str) -> Reading | None:
    """What `text` says; None when it is not YAML, or no object."""
    report = Report("")
    document = parse(text, report)
    workflow = None if document is None else build(document, report)
    if workflow is None:
        return None
    return Reading(text, workflow, pieces(text), report.diagnostics())


def is_same(before: Reading, text: str, fixed: Rule | None) -> bool:
    """Whether `text` is stored as before, with every comment, and only `fixed` is gone."""
    after = read(text)
    if after is None or not after.is_complete or before.stored() != after.stored():
        return False
    gone = {fixed.code} if fixed else set()
    if after.codes - before.codes or set(before.codes - after.codes) - gone:
        return False
    return comments(before.text, before.root) == comments(text, after.root)
