"""Remembers what each file said, so that an unchanged file is never parsed again.

The only part of the room with state; safe to share between threads. May import the neighbours.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from controller.load.select import Selection, WorkflowFile
from controller.validate.file import FileResult

Key = tuple[str, str, str | None]


class Memo:
    """The results of the `capacity` files used last.

    A result depends on the file's content (its blob id), its path and the pack's ref, and on
    nothing else: those three are the key.
    """

    def __init__(self, capacity: int = 20_000) -> None:
        self._capacity = capacity
        self._results: OrderedDict[Key, FileResult] = OrderedDict()
        self._lock = threading.Lock()

    def missing(self, selection: Selection, pack_ref: str | None) -> tuple[str, ...]:
        """The blob ids, without repetitions, whose content `check_pack` needs."""
        files = selection.workflows
        wanted = (one.entry.oid for one in files if self.get(one, pack_ref) is None)
        return tuple(dict.fromkeys(wanted))

    def get(self, file: WorkflowFile, pack_ref: str | None) -> FileResult | None:
        """The result of this file, when it is remembered."""
        key = _key(file, pack_ref)
        with self._lock:
            result = self._results.get(key)
            if result is not None:
                self._results.move_to_end(key)
            return result

    def put(self, file: WorkflowFile, pack_ref: str | None, result: FileResult) -> None:
        """Remember a result, and forget the one not used for longest when there are too many."""
        with self._lock:
            self._results[_key(file, pack_ref)] = result
            self._results.move_to_end(_key(file, pack_ref))
            while len(self._results) > self._capacity:
                self._results.popitem(last=False)


def _key(file: WorkflowFile, pack_ref: str | None) -> Key:
    return file.entry.oid, file.entry.path, pack_ref
