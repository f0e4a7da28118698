"""Two files, one ref. Pure; imports `load.files`, `pack` and the neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from controller.load.files import DIRECTORIES, directory
from controller.pack import rules
from controller.pack.diagnostic import Diagnostic
from controller.validate.file import FileResult


def check_duplicates(results: Sequence[FileResult]) -> tuple[frozenset[str], list[Diagnostic]]:
    """The files that another directory's file takes the place of, and what to say of it all."""
    by_ref: defaultdict[str, list[FileResult]] = defaultdict(list)
    for result in results:
        if result.declared is not None:
            by_ref[result.declared].append(result)
    shadowed: set[str] = set()
    found: list[Diagnostic] = []
    for ref, group in by_ref.items():
        if len(group) == 1:
            continue
        rank = max(_rank(one) for one in group)
        winners = [one.file for one in group if _rank(one) == rank]
        losers = [one.file for one in group if _rank(one) != rank]
        shadowed.update(losers)
        found += [_shadowed(ref, file, winners[0]) for file in losers]
        if len(winners) > 1:
            found += [_duplicate(ref, file, winners) for file in winners]
    return frozenset(shadowed), found


def _rank(result: FileResult) -> int:
    return DIRECTORIES.index(directory(result.file))


def _shadowed(ref: str, file: str, winner: str) -> Diagnostic:
    message = f"`{winner}` defines `{ref}` too and takes precedence: this file is not used"
    hint = "Remove one of the two files, or change its ref."
    return Diagnostic(rules.SHADOWED, message, file, path="ref", hint=hint, workflow=ref)


def _duplicate(ref: str, file: str, files: list[str]) -> Diagnostic:
    others = ", ".join(f"`{one}`" for one in files if one != file)
    message = f"`{ref}` is also defined in {others}"
    hint = "Give each workflow a ref of its own."
    return Diagnostic(rules.DUPLICATE_REF, message, file, path="ref", hint=hint, workflow=ref)
