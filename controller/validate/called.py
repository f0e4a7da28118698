"""What workflows call: whether it is there, and whether it takes what it gets. Pure.

May import `workflow.calls`, `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.pack import rules
from controller.pack.content import Json
from controller.pack.diagnostic import Diagnostic
from controller.pack.report import Report, closest, quoted
from controller.pack.signature import Signature, signature
from controller.validate.examined import Examined
from controller.validate.inputs import check_inputs
from controller.validate.offered import signatures
from controller.workflow.calls import Call, Given

Known = Mapping[str, Json]
"""The `param_schema` of each action that a database has, by ref."""

# Looking for the nearest name takes longer than all else: a pack that is wrong throughout gets
# hints as long as somebody might read them.
_MAX_COMPARED = 100


def check_calls(examined: Examined, known: Known | None) -> list[Diagnostic]:
    """Each call of each workflow, in file order; at most so many for a file as a report lists."""
    callees = _Callees(
        examined.manifest.ref,
        examined.own,
        known,
        signatures(examined.workflows, examined.actions),
    )
    found: list[Diagnostic] = []
    for one in examined.workflows:
        if not one.calls:
            continue
        report = Report(one.file)
        report.workflow = one.ref or ""
        for call in one.calls:
            callees.check(call, report)
        found += report.diagnostics()
    return found


@dataclass(slots=True)
class _Callees:
    """All that can be called, and what each takes, told when it is first asked for."""

    pack_ref: str | None
    own: frozenset[str]
    known: Known | None
    signatures: dict[str, Signature | None]
    nearest: dict[str, str] = field(default_factory=dict)

    def check(self, call: Call, report: Report) -> None:
        ref = call.ref
        if ref not in self.signatures:
            if self.known is not None and ref in self.known:
                self.signatures[ref] = signature(self.known[ref])
            elif ref not in self.own:
                self._report_missing(call, report)
                return
        taken = self.signatures.get(ref)
        if taken is not None and call.rows is not None:
            check_inputs(call, [Given(*row) for row in call.rows], taken, report)

    def _report_missing(self, call: Call, report: Report) -> None:
        if self.pack_ref is None:
            return  # nobody can tell whether it is the pack's own
        path = f"{call.path}.action"
        pack, _, name = call.ref.partition(".")
        if pack == self.pack_ref:
            message = f"the pack has no action or workflow {quoted(call.ref)}"
            hint = self._near(name, report) or f"Add `actions/{name}.yaml`, or correct the ref."
            report.add(rules.MISSING_ACTION, call, message, path=path, hint=hint)
        elif self.known is not None:
            message = f"the database has no action {quoted(call.ref)}"
            hint = (
                f"Correct the ref, or install the pack {quoted(pack)}; "
                "`spec.validation.unknownActions` says whether that must come first."
            )
            report.add(rules.UNKNOWN_ACTION, call, message, path=path, hint=hint)

    def _near(self, name: str, report: Report) -> str:
        if name not in self.nearest:
            if len(self.nearest) >= _MAX_COMPARED or report.is_full(rules.MISSING_ACTION):
                return ""
            names = [ref.partition(".")[2] for ref in self.own]
            found = closest(name, names)
            self.nearest[name] = f"Did you mean `{self.pack_ref}.{found}`?" if found else ""
        return self.nearest[name]
