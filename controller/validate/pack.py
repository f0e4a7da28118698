"""A whole pack: every file by itself, then the rules across files. Pure but for the `Memo`.

May import `load`, `workflow`, `pack`, `errors` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

from controller.load.files import DIRECTORIES, EXTENSIONS, MANIFEST, directory, workflow_name
from controller.load.select import ActionFile, WorkflowFile
from controller.pack.diagnostic import Diagnostic, ordered
from controller.pack.rules import UNMET_DEPENDENCY
from controller.validate.action import ActionResult, check_action
from controller.validate.checked import Checked, CheckedManifest, InvalidFile
from controller.validate.duplicates import check_duplicates
from controller.validate.examined import Examined
from controller.validate.file import FileResult, check_file, derived_ref
from controller.validate.installed import Installed, check_needs
from controller.validate.memo import Recall
from controller.validate.policy import Levels, Policy
from controller.validate.references import Known, check_references
from controller.validate.settings import CheckedSettings
from controller.validate.unused import unused


def examine(
    manifest: CheckedManifest,
    settings: CheckedSettings,
    contents: Mapping[str, bytes],
    recall: Recall,
) -> Examined:
    """Check every file by itself; `contents` has at least the blobs that `recall` misses."""
    selection = recall.selection
    return Examined(
        selection,
        manifest,
        settings,
        tuple(_workflow(one, manifest.ref, contents, recall) for one in selection.workflows),
        tuple(_action(one, manifest.ref, contents, recall) for one in selection.actions),
    )


def _workflow(
    file: WorkflowFile, pack_ref: str | None, contents: Mapping[str, bytes], recall: Recall
) -> FileResult:
    known = recall.known.get(file)
    if isinstance(known, FileResult):
        return known
    result = check_file(file, contents[file.entry.oid], pack_ref)
    recall.memo.put(file, pack_ref, result)
    return result


def _action(
    file: ActionFile, pack_ref: str | None, contents: Mapping[str, bytes], recall: Recall
) -> ActionResult:
    known = recall.known.get(file)
    if isinstance(known, ActionResult):
        return known
    result = check_action(file, contents[file.entry.oid], pack_ref)
    recall.memo.put(file, pack_ref, result)
    return result


def check_pack(
    examined: Examined,
    operator: Levels,
    known: Known | None,
    installed: Installed | None = None,
) -> Checked:
    """Hold the files against each other, and against what a database has (`known`).

    `known` has the actions of `examined.outside` that the database has, `installed` the packs that
    this one needs; None: none was asked.
    `operator` is what the Pack's spec makes of rules.
    """
    shadowed, across = check_duplicates(examined.workflows)
    across += [*check_references(examined, known), *check_needs(examined.manifest, installed)]
    everything = _found(examined, across)
    found = _judged(everything, examined, operator, asked=known is not None)
    # What a pack waits for is no fault of its files.
    failed = {one.file for one in found if one.is_error and one.rule is not UNMET_DEPENDENCY}
    workflows = [
        one.compiled
        for one in examined.workflows
        if one.compiled is not None and one.file not in failed and one.file not in shadowed
    ]
    return Checked(
        None if MANIFEST in failed else examined.manifest.manifest,
        tuple(sorted(workflows, key=lambda one: one.ref)),
        _invalid(examined, failed - shadowed),
        ordered(found),
    )


def _found(examined: Examined, across: list[Diagnostic]) -> list[Diagnostic]:
    found = [
        *examined.manifest.diagnostics,
        *examined.settings.diagnostics,
        *examined.selection.diagnostics,
        *across,
    ]
    for result in _results(examined):
        found += result.diagnostics
    return found


def _judged(
    found: list[Diagnostic], examined: Examined, operator: Levels, *, asked: bool
) -> list[Diagnostic]:
    comments = {one.file: one.ignores for one in _results(examined) if one.ignores}
    if examined.manifest.ignores:
        comments[MANIFEST] = examined.manifest.ignores
    author = examined.settings.severities
    if not (operator or author or comments):
        return found
    everything = [*found, *unused(found, comments, asked=asked)]
    return Policy(operator, author, comments).judged(everything)


def _results(examined: Examined) -> tuple[FileResult | ActionResult, ...]:
    return (*examined.workflows, *examined.actions)


def _invalid(examined: Examined, failed: set[str]) -> tuple[InvalidFile, ...]:
    pack_ref = examined.manifest.ref
    refs = {one.file: one.ref for one in examined.workflows}
    unread = {
        one.file: derived_ref(workflow_name(one.file), pack_ref)
        for one in examined.selection.diagnostics
        if _is_workflow_file(one)
    }
    known = {**unread, **refs}
    return tuple(InvalidFile(file, known[file]) for file in sorted(failed & known.keys()))


def _is_workflow_file(one: Diagnostic) -> bool:
    return directory(one.file) in DIRECTORIES and one.file.endswith(EXTENSIONS)
