"""Targets → results: each pack is checked, and the lines of files with findings are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from controller.cli.hints import unretried
from controller.cli.progress import Progress
from controller.cli.targets import Target
from controller.errors import PackError, Reason, Stalled
from controller.formats import PackResult, place
from controller.load.spelling import BREAK
from controller.pack.diagnostic import Diagnostic
from controller.pack.outcome import Outcome
from controller.pack.source import Source
from controller.reconcile import Inspected, check
from controller.store import Store
from controller.validate import Memo

_BREAK = re.compile(BREAK)
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks packs; files that were seen before are not parsed again."""

    store: Store | None = None
    memo: Memo = field(default_factory=Memo)

    def check(self, targets: Iterable[Target], progress: Progress) -> tuple[PackResult, ...]:
        """What each pack was found to be, in their order."""
        results = []
        for target in targets:
            progress.say(f"Checking {target.name}")
            inspected = check(target.asked, self.memo, self.store)
            results.append(result(inspected, target))
        return tuple(results)


def result(inspected: Inspected, target: Target) -> PackResult:
    """What there is to tell of a pack."""
    outcome = inspected.outcome
    if outcome.findings is None:
        failure = unretried(outcome.failure.error) if outcome.failure else None
        return PackResult(target.name, revision=_revision(outcome), failure=failure)
    found = [one for one in outcome.findings.diagnostics if target.only in (None, one.file)]
    files = [one.path for one in inspected.files if target.only in (None, one.path)]
    if target.only is not None and not (files or found):
        return PackResult(target.name, failure=_no_part(target))
    return PackResult(
        target.name,
        files=tuple(target.at(file) for file in files),
        findings=place(found, target.at),
        revision=_revision(outcome),
        lines=_lines(inspected, found, target.asked.source, target.at),
    )


def _no_part(target: Target) -> PackError:
    return Stalled(
        Reason.PATH_NOT_FOUND,
        f"{target.only} is no file that a pack is checked by.",
        hint="Name pack.yaml, packctl.toml, or a .yaml file in workflows/ or actions/.",
    )


def _revision(outcome: Outcome) -> str:
    """The commit; that of a folder has no name, and is nothing that anybody could look up."""
    is_commit = outcome.revision is not None and outcome.commit is not None
    return str(outcome.revision) if is_commit else ""


def _lines(
    inspected: Inspected, found: Sequence[Diagnostic], source: Source, at: Callable[[str], str]
) -> Mapping[str, Sequence[str]]:
    wanted = {one.file for one in found}
    entries = [one for one in inspected.files if one.path in wanted]
    try:
        contents = source.read([one.oid for one in entries])
    except PackError:
        # A file that changed meanwhile: its findings are still true of what was read before.
        return {}
    return {at(one.path): _split(contents[one.oid]) for one in entries}


def _split(data: bytes) -> list[str]:
    return _BREAK.split(data.decode(errors="replace").removeprefix(_BYTE_ORDER_MARK))
