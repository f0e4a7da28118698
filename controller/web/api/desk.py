"""What a caller gets to see of the packs. Imports `store` and the room.

A pack that somebody may not see is one that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import HTTPException

from controller.pack.identity import PackKey
from controller.store import Store
from controller.web.api.followed import Directory, Followed
from controller.web.api.seen import Seen, Views
from controller.web.auth import Caller, Target, Verb


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pack by its ref, and by its resource where several want one ref."""

    ref: str
    namespace: str = ""
    name: str = ""

    def is_it(self, one: Seen) -> bool:
        """Whether `one` is meant."""
        return (
            one.told.ref == self.ref
            and self.namespace in ("", one.target.namespace)
            and self.name in ("", one.target.name)
        )


class NoCluster:
    """There are no Pack resources."""

    def all(self) -> Sequence[Followed]:
        """None."""
        return ()

    def get(self, _key: PackKey) -> Followed | None:
        """None."""
        return None

    @contextmanager
    def listening(self, _hear: Callable[[PackKey], None]) -> Iterator[None]:
        """Nothing ever changes."""
        yield


def _always() -> bool:
    return True


class Desk:
    """The packs of a database and, where there is one, of a cluster."""

    def __init__(
        self, store: Store, packs: Directory, *, is_open: Callable[[], bool] = _always
    ) -> None:
        """`is_open` is False as long as another controller is at work, which knows the Packs."""
        self.store = store
        self.packs = packs
        self._is_open = is_open
        self._views = Views()

    def every(self, caller: Caller) -> list[Seen]:
        """All packs that a list may show to `caller`, by ref."""
        found = self._together(None)
        shown = (one for one in found if caller.grants.shows(one.target))
        return sorted(shown, key=lambda one: (one.told.ref, one.target.namespace, one.target.name))

    def find(self, caller: Caller, wanted: Wanted, verb: Verb = Verb.GET) -> Seen:
        """The pack that is meant, where several want one ref the one that has it; raises
        `HTTPException` (404 where the caller must not see it, 403 where they must not do it)."""
        meant = filter(wanted.is_it, self._together(wanted.ref))
        found = [one for one in meant if caller.may(Verb.GET, one.target)]
        if not found:
            raise HTTPException(404, f"There is no pack {wanted.ref!r}, or you may not see it.")
        best = min(found, key=lambda one: (one.row is None, one.target.namespace, one.target.name))
        check(caller, verb, best.target)
        return best

    def lines(self, caller: Caller, keys: Iterable[PackKey]) -> list[Seen]:
        """Those of the resources `keys` that are there and that `caller` may see."""
        packs = [pack for pack in map(self.packs.get, keys) if pack]
        rows = self.store.catalogue({pack.known_ref for pack in packs})
        found = self._views.together(packs, rows)
        return [one for one in found if one.resource and caller.grants.shows(one.target)]

    def _together(self, ref: str | None) -> Iterator[Seen]:
        if not self._is_open():
            raise HTTPException(503, "Another controller is at work: ask again later.")
        self.store.prepare()
        packs = self.packs.all()
        if ref is None:
            self._views.forget({pack.key for pack in packs})
            return self._views.together(packs, self.store.catalogue())
        rows = self.store.catalogue([ref])
        owners = {row.owner_uid for row in rows}
        meant = [pack for pack in packs if pack.known_ref == ref or pack.uid in owners]
        return self._views.together(meant, rows)


def check(caller: Caller, verb: Verb, target: Target) -> None:
    """Raise `HTTPException` (403) unless `caller`, who sees it, may do it."""
    if not caller.may(verb, target):
        raise HTTPException(403, f"You may see this, but not {verb.value} it.")


def may(caller: Caller, one: Seen) -> list[Verb]:
    """What `caller`, who sees it, may do to it."""
    return [Verb.GET, *([Verb.UPDATE] if caller.may(Verb.UPDATE, one.target) else [])]
