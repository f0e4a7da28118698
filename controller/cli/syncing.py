"""One pack into the database, with all that can be said of it where that cannot be done."""

from __future__ import annotations

from controller.errors import PackError, Reason, Stage, Transient
from controller.load.select import select
from controller.pack.outcome import Failure
from controller.pack.source import Look
from controller.reconcile import Asked, Inspected, Reconciler, check
from controller.store import Store
from controller.validate import Memo, check_manifest

# How often files are read again at once that are written while they are read.
_TRIES = 3


class Syncer:
    """Syncs packs. Files that were seen before are not parsed again."""

    def __init__(self, store: Store) -> None:
        self._memo = Memo()
        self._reconciler = Reconciler(store, self._memo)

    def sync(self, asked: Asked, hindered: Failure | None) -> tuple[Inspected, Failure | None]:
        """What came of a pack, and why its rows are not all as its files say.

        Where they cannot be written, as `hindered` says or the database does, the files are checked
        all the same.
        """
        if hindered is None:
            inspected = self._settled(asked)
            failure = inspected.outcome.failure
            is_out = failure is not None and failure.stage is Stage.SYNCED
            if inspected.outcome.findings is not None or not is_out:
                return inspected, failure
            hindered = failure
        return check(asked, self._memo), hindered

    def _settled(self, asked: Asked) -> Inspected:
        """Reconcile, and again at once where a file was written while it was read."""
        for _ in range(_TRIES):
            inspected = self._reconciler.inspect(asked)
            self._reconciler.tidy(asked.spec, inspected.outcome)
            failure = inspected.outcome.failure
            if failure is None or failure.stage is not Stage.FETCHED or not passes(failure.error):
                break
        return inspected


def passes(error: PackError) -> bool:
    """Whether it is worth another try, though nothing changes in the files."""
    return isinstance(error, Transient) and error.reason is not Reason.INTERNAL_ERROR


def manifest_ref(asked: Asked) -> str | None:
    """The ref that a pack's manifest gives it, before anything else is looked at."""
    try:
        limit = asked.spec.validation.max_file_bytes
        selection = select(asked.source.observe(Look()).tree, max_file_size=limit)
        wanted = [selection.manifest.oid] if selection.manifest else []
        contents = asked.source.read(wanted)
    except PackError:
        return None
    return check_manifest(selection, contents, expected_ref=asked.spec.ref).ref
