"""Does something at each change of a pack's files, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from controller.load.files import ACTIONS, DIRECTORIES, MANIFEST, SETTINGS

_FILES = {MANIFEST, SETTINGS}
_FOLDERS = {ACTIONS, DIRECTORIES[0]}
# How long one wait for a change lasts, in milliseconds; the process sleeps meanwhile.
_WAIT = 1000
_editors = DefaultFilter()


def watched(places: Sequence[Path], again: Callable[[], None]) -> None:
    """Call `again` now and after each change below `places`; ends with KeyboardInterrupt."""
    again()
    settled = False
    for changes in watch(*places, watch_filter=_matters, rust_timeout=_WAIT, yield_on_timeout=True):
        # The first time without a change, too: one may have come before the watch began.
        if changes or not settled:
            again()
        settled = True


def _matters(change: Change, name: str) -> bool:
    """Whether a pack may be another now; a report that is written beside it changes nothing."""
    path = Path(name)
    inside = path.name in _FILES or not _FOLDERS.isdisjoint(path.parts)
    is_folder = change is Change.deleted or path.is_dir()
    return (inside or is_folder) and _editors(change, name)
