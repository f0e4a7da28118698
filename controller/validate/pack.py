"""A whole pack: every file by itself, then the rules across files. Pure but for the `Memo`.

May import `load`, `workflow`, `pack`, `errors` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

from controller.load.files import DIRECTORIES, EXTENSIONS, directory, workflow_name
from controller.load.select import Selection, WorkflowFile
from controller.pack.diagnostic import Diagnostic, ordered
from controller.validate.checked import Checked, CheckedManifest, InvalidFile
from controller.validate.duplicates import check_duplicates
from controller.validate.file import FileResult, check_file, derived_ref
from controller.validate.memo import Memo, Recall


def check_pack(manifest: CheckedManifest, contents: Mapping[str, bytes], recall: Recall) -> Checked:
    """Check all files of a pack; `contents` has at least the blobs that `recall` misses."""
    selection = recall.selection
    results = [
        recall.known.get(file) or _check(file, manifest.ref, contents, recall.memo)
        for file in selection.workflows
    ]
    shadowed, across = check_duplicates(results)
    found = [*manifest.diagnostics, *selection.diagnostics, *across]
    for result in results:
        found += result.diagnostics
    failed = {one.file for one in found if one.is_error}
    workflows = [
        one.compiled
        for one in results
        if one.compiled is not None and one.file not in failed and one.file not in shadowed
    ]
    return Checked(
        manifest.manifest,
        tuple(sorted(workflows, key=lambda one: one.ref)),
        _invalid(selection, results, failed - shadowed, manifest.ref),
        ordered(found),
    )


def _check(
    file: WorkflowFile, pack_ref: str | None, contents: Mapping[str, bytes], memo: Memo
) -> FileResult:
    result = check_file(file, contents[file.entry.oid], pack_ref)
    memo.put(file, pack_ref, result)
    return result


def _invalid(
    selection: Selection, results: list[FileResult], failed: set[str], pack_ref: str | None
) -> tuple[InvalidFile, ...]:
    refs = {one.file: one.ref for one in results}
    unread = {
        one.file: derived_ref(workflow_name(one.file), pack_ref)
        for one in selection.diagnostics
        if _is_workflow_file(one)
    }
    known = {**unread, **refs}
    return tuple(InvalidFile(file, known[file]) for file in sorted(failed & known.keys()))


def _is_workflow_file(one: Diagnostic) -> bool:
    return directory(one.file) in DIRECTORIES and one.file.endswith(EXTENSIONS)
