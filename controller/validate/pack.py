"""A whole pack: every file by itself, then the rules across files. Pure but for the `Memo`.

May import `load`, `workflow`, `pack`, `errors` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

from controller.errors import Reason, Transient
from controller.load.files import DIRECTORIES, EXTENSIONS, directory, workflow_name
from controller.load.select import Selection, WorkflowFile
from controller.pack.diagnostic import Diagnostic, ordered
from controller.validate.checked import Checked, CheckedManifest, InvalidFile
from controller.validate.duplicates import check_duplicates
from controller.validate.file import FileResult, check_file, derived_ref
from controller.validate.memo import Memo


def check_pack(
    selection: Selection, manifest: CheckedManifest, contents: Mapping[str, bytes], memo: Memo
) -> Checked:
    """Check all files of a pack; `contents` has at least the blobs that `Memo.missing` named.

    Raises `Transient` when another thread pushed a result out of the memo in between.
    """
    results = _results(selection, manifest.ref, contents, memo)
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


def _results(
    selection: Selection, pack_ref: str | None, contents: Mapping[str, bytes], memo: Memo
) -> list[FileResult]:
    # All that is remembered is taken before anything new is put, which may push it out.
    known = [(file, memo.get(file, pack_ref)) for file in selection.workflows]
    return [result or _check(file, pack_ref, contents, memo) for file, result in known]


def _check(
    file: WorkflowFile, pack_ref: str | None, contents: Mapping[str, bytes], memo: Memo
) -> FileResult:
    data = contents.get(file.entry.oid)
    if data is None:
        message = f"`{file.entry.path}` must be read again: its result was just forgotten"
        raise Transient(Reason.INTERNAL_ERROR, message)
    result = check_file(file, data, pack_ref)
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
