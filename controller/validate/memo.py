"""Remembers what each file said, so that an unchanged file is never parsed again.

The only part of the room with state; safe to share between threads. May import the neighbours.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from controller.load.select import ActionFile, Selection, WorkflowFile
from controller.validate.action import ActionResult
from controller.validate.file import FileResult

Key = tuple[str, str, str | None]
File = WorkflowFile | ActionFile
Result = FileResult | ActionResult


class Memo:
    """The results of the `capacity` files used last.

    A result depends on the file's content (its blob id), its path and the pack's ref, and on
    nothing else: those three are the key.
    """

    def __init__(self, capacity: int = 20_000) -> None:
        self._capacity = capacity
        self._results: OrderedDict[Key, Result] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, selection: Selection, pack_ref: str | None) -> Recall:
        """What is remembered of a pack, kept for its check whatever others push out meanwhile."""
        files: tuple[File, ...] = (*selection.workflows, *selection.actions)
        found = {one: self._get(one, pack_ref) for one in files}
        return Recall(self, {one: result for one, result in found.items() if result}, selection)

    def _get(self, file: File, pack_ref: str | None) -> Result | None:
        """The result of this file, when it is remembered."""
        key = _key(file, pack_ref)
        with self._lock:
            result = self._results.get(key)
            if result is not None:
                self._results.move_to_end(key)
            return result

    def put(self, file: File, pack_ref: str | None, result: Result) -> None:
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
    known: Mapping[File, Result]
    selection: Selection

    @property
    def missing(self) -> tuple[str, ...]:
        """The blob ids, without repetitions, whose content `examine` needs."""
        files: tuple[File, ...] = (*self.selection.workflows, *self.selection.actions)
        return tuple(dict.fromkeys(one.entry.oid for one in files if one not in self.known))


def _key(file: File, pack_ref: str | None) -> Key:
    return file.entry.oid, file.entry.path, pack_ref
