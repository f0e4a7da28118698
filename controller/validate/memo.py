"""Remembers what each file said, so that an unchanged file is never parsed again.

The only part of the room with state; safe to share between threads. May import the neighbours.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

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

    def recall(self, selection: Selection, pack_ref: str | None) -> Recall:
        """What is remembered of a pack, kept for its check whatever others push out meanwhile."""
        found = {one: self._get(one, pack_ref) for one in selection.workflows}
        return Recall(self, {one: result for one, result in found.items() if result}, selection)

    def _get(self, file: WorkflowFile, pack_ref: str | None) -> FileResult | None:
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


@dataclass(frozen=True, slots=True)
class Recall:
    """The results of one pack's files as far as they were remembered at one moment."""

    memo: Memo
    known: Mapping[WorkflowFile, FileResult]
    selection: Selection

    @property
    def missing(self) -> tuple[str, ...]:
        """The blob ids, without repetitions, whose content `check_pack` needs."""
        files = self.selection.workflows
        return tuple(dict.fromkeys(one.entry.oid for one in files if one not in self.known))


def _key(file: WorkflowFile, pack_ref: str | None) -> Key:
    return file.entry.oid, file.entry.path, pack_ref
