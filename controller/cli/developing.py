"""The loop of `packctl dev`: what changed → which packs are synced → what is told of each."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from controller.cli.asking import MakeSpec
from controller.cli.checking import result
from controller.cli.progress import Progress
from controller.cli.roots import NoPackError, Places, absolute, roots
from controller.cli.rounds import Round
from controller.cli.syncing import Syncer, manifest_ref, passes
from controller.cli.targets import Target, local
from controller.cli.telling import Tell
from controller.cli.watching import Changes, changes
from controller.errors import Reason, Stage, Waiting
from controller.load.files import MANIFEST
from controller.pack.outcome import Failure
from controller.reconcile import Inspected
from controller.store import Store

# Seconds until a pack is tried again whose database is away.
_PAUSE = 1.0


@dataclass(eq=False, slots=True)
class _Pack:
    """A pack under watch; `root` is its folder from the top.

    `due` is when it is tried again by itself, as `time.monotonic` counts (None: at the next
    change), `holds` the ref under which its rows were written last.
    """

    target: Target
    root: Path
    due: float | None = 0.0
    holds: str | None = None
    last: Round | None = None

    def is_touched(self, found: Changes) -> bool:
        return found is None or any(path.is_relative_to(self.root) for path in found)

    def is_due(self) -> bool:
        return self.due is not None and self.due <= time.monotonic()


class Session:
    """Packs that are kept in the database as their files say. For one thread.

    `meant` are those that the names stood for when they were typed.
    """

    def __init__(
        self, places: Places, meant: Iterable[Path], make: MakeSpec, store: Store, tell: Tell
    ) -> None:
        self._places = places
        self._make = make
        self._syncer = Syncer(store)
        self._tell = tell
        self._packs: dict[Path, _Pack] = {}
        self._meant = frozenset(root.resolve() for root in meant)

    def run(self) -> None:
        """Sync all packs now and each at its changes, until KeyboardInterrupt."""
        for found in changes(self._places.folders):
            self.after(found)

    def after(self, found: Changes) -> None:
        """Sync the packs whose files changed, and those that are due for another try."""
        if found is None or any(path.name == MANIFEST for path in found):
            self._find()
        touched = [one for one in self._packs.values() if one.is_touched(found)]
        due = [one for one in self._packs.values() if one not in touched and one.is_due()]
        away: Failure | None = None
        for pack in touched:
            away = self._sync(pack, found or frozenset(), away)
        for pack in due:
            if away is None:
                away = self._sync(pack, frozenset(), None)
            else:
                pack.due = time.monotonic() + _PAUSE

    def _find(self) -> None:
        """Note which packs came and which went."""
        found = {root.resolve(): root for root in self._there()}
        for key in self._packs.keys() - found.keys():
            gone = self._packs.pop(key)
            self._tell(Round(datetime.now(UTC), gone.target.name, gone.holds), gone.last)
        for key, root in found.items():
            if key not in self._packs:
                with suppress(typer.Exit):  # it went meanwhile, which the next look sees
                    self._packs[key] = _Pack(local(root, self._make), absolute(root))

    def _there(self) -> Iterator[Path]:
        """The packs that are meant: a folder that is none any more does not mean one above it."""
        for name in self._places.names:
            with suppress(NoPackError):
                for root in roots([name], besides=self._places.besides):
                    below = absolute(root).is_relative_to(absolute(name))
                    if below or root.resolve() in self._meant:
                        yield root

    def _sync(self, pack: _Pack, saved: Collection[Path], away: Failure | None) -> Failure | None:
        """Sync a pack and tell of it; gives the failure if it is that the database is away."""
        with Progress() as progress:
            progress.say(f"Syncing {pack.target.name}")
            hindered = away or self._taken(pack)
            inspected, failure = self._syncer.sync(pack.target.asked, hindered)
        one = _round(pack, inspected, failure)
        is_save = any(pack.root / entry.path in saved for entry in one.files)
        if is_save or not one.repeats(pack.last):
            self._tell(one, pack.last)
        pack.last, pack.due = one, _due(failure)
        if one.receipt is not None:
            pack.holds = one.receipt.pack_ref
        is_away = failure is not None and failure.error.reason is Reason.DATABASE_UNAVAILABLE
        return failure if is_away else None

    def _taken(self, pack: _Pack) -> Failure | None:
        """Why its rows are not its own to write: a copy of a pack has the ref of the first."""
        others = [one for one in self._packs.values() if one is not pack and one.holds]
        ref = manifest_ref(pack.target.asked) if others else None
        holder = next((one for one in others if ref and one.holds == ref), None)
        if holder is None:
            return None
        error = Waiting(
            Reason.REF_CONFLICT,
            f"Pack ref {ref!r} is that of {holder.target.name}, too; nothing was written.",
            hint=f"Change the ref in one of the two {MANIFEST}.",
            retry_after=_PAUSE,
        )
        return Failure(Stage.SYNCED, error)


def _round(pack: _Pack, inspected: Inspected, failure: Failure | None) -> Round:
    return Round(
        time=datetime.now(UTC),
        source=pack.target.name,
        ref=inspected.pack_ref or pack.holds,
        found=result(inspected, pack.target),
        files=inspected.files,
        receipt=inspected.receipt,
        failure=failure.error if failure else None,
        seconds=inspected.outcome.seconds,
    )


def _due(failure: Failure | None) -> float | None:
    if failure is None:
        return None
    if isinstance(failure.error, Waiting):
        return time.monotonic() + failure.error.retry_after
    return time.monotonic() + _PAUSE if passes(failure.error) else None
