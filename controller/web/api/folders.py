"""Packs without a Pack resource: their folders, through the same reconcile as `packctl sync`.

Imports `reconcile`, `source` and `store`.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from controller.pack.diagnostic import Level
from controller.pack.identity import COMMAND_LINE
from controller.pack.rules import UNMET_DEPENDENCY
from controller.pack.spec import GitSpec, OnInvalid, PackSpec, ValidationSpec
from controller.reconcile import Asked, Inspected, Reconciler, check
from controller.source.folder import FolderSource
from controller.store import Store
from controller.validate import Memo

_REF = re.compile(r"[a-z][a-z0-9_-]+")
_MANIFEST = "pack.yaml"


class Folders:
    """The packs in `<base>/<ref>`; each is synced by one thread at a time."""

    def __init__(self, base: Path, store: Store, memo: Memo) -> None:
        self._base = base
        self._memo = memo
        self._store = store
        self._reconciler = Reconciler(store, memo)
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def refs(self) -> Iterator[str]:
        """The refs of all packs that have a folder."""
        for manifest in sorted(self._base.glob(f"*/{_MANIFEST}")):
            if _REF.fullmatch(manifest.parent.name):
                yield manifest.parent.name

    def has(self, ref: str) -> bool:
        """Whether the pack has a folder."""
        return bool(_REF.fullmatch(ref)) and (self._base / ref / _MANIFEST).is_file()

    def place(self, ref: str) -> str:
        """Where it is, for people."""
        return str(self._base / ref)

    def sync(self, ref: str, on_invalid: OnInvalid = OnInvalid.BLOCK) -> Inspected:
        """Bring the pack into the database."""
        asked = self.asked(ref, on_invalid)
        with self._alone(ref):
            found = self._reconciler.inspect(asked)
            self._reconciler.tidy(asked.spec, found.outcome)
        return found

    def check(self, ref: str) -> Inspected:
        """Look at its files only."""
        return check(self.asked(ref), self._memo, self._store)

    def asked(self, ref: str, on_invalid: OnInvalid = OnInvalid.BLOCK) -> Asked:
        """What a reconcile is asked to do."""
        folder = self._base / ref
        # What a pack needs may come later, and nobody would try again.
        validation = ValidationSpec(
            on_invalid=on_invalid, severities={UNMET_DEPENDENCY.code: Level.WARN}
        )
        git = GitSpec(url=folder.absolute().as_uri())
        spec = PackSpec(ref=ref, git=git, validation=validation)
        return Asked(COMMAND_LINE, 0, spec, FolderSource(folder))

    @contextmanager
    def _alone(self, ref: str) -> Iterator[None]:
        with self._locks[ref]:
            yield
