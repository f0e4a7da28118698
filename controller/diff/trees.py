"""Two JSON values → the places where they differ. Pure.

Items of a list that have names, as tasks have, are compared by name: a task that moved is no change
of all tasks behind it. Other lists are compared place by place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from controller.pack.content import Json

_NAME = "name"


class ChangeKind(StrEnum):
    """What happened at a place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """`path` leads to the place: keys, numbers from 0, and names of named items in brackets, as in
    `tasks[greet].input.message`. `before` and `after` are what was and is there."""

    path: str
    kind: ChangeKind
    before: Json = None
    after: Json = None


def changes(before: Json, after: Json, path: str = "") -> tuple[Change, ...]:
    """The smallest places where `after` is not `before`, in the order of the two."""
    return tuple(_changes(before, after, path))


def _changes(before: Json, after: Json, path: str) -> Iterator[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _mappings(before, after, path)
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple):
        yield from _lists(before, after, path)
    elif not _same(before, after):
        yield Change(path, ChangeKind.CHANGED, before, after)


def _mappings(before: Mapping[str, Json], after: Mapping[str, Json], path: str) -> Iterator[Change]:
    for key in dict.fromkeys([*before, *after]):
        place = f"{path}.{key}" if path else key
        yield from _either(before.get(key), after.get(key), place)


def _either(before: Json, after: Json, place: str) -> Iterator[Change]:
    """A key that is missing and one that is null are the same to Attune."""
    if before is None and after is not None:
        yield Change(place, ChangeKind.ADDED, None, after)
    elif before is not None and after is None:
        yield Change(place, ChangeKind.REMOVED, before, None)
    else:
        yield from _changes(before, after, place)


def _lists(before: Sequence[Json], after: Sequence[Json], path: str) -> Iterator[Change]:
    old, new = _named(before), _named(after)
    if old is None or new is None:
        yield from _places(before, after, path)
        return
    for name in dict.fromkeys([*old, *new]):
        yield from _either(old.get(name), new.get(name), f"{path}[{name}]")
    staying = [name for name in old if name in new]
    if staying != [name for name in new if name in old]:
        yield Change(path, ChangeKind.MOVED, list(old), list(new))


def _places(before: Sequence[Json], after: Sequence[Json], path: str) -> Iterator[Change]:
    for place in range(max(len(before), len(after))):
        here = f"{path}[{place}]"
        if place >= len(after):
            yield Change(here, ChangeKind.REMOVED, before[place], None)
        elif place >= len(before):
            yield Change(here, ChangeKind.ADDED, None, after[place])
        else:
            yield from _changes(before[place], after[place], here)


def _named(items: Sequence[Json]) -> dict[str, Json] | None:
    """The items by name; None where one has none, or two have the same."""
    named: dict[str, Json] = {}
    for item in items:
        name = item.get(_NAME) if isinstance(item, Mapping) else None
        if not isinstance(name, str) or name in named:
            return None
        named[name] = item
    return named


def _same(before: Json, after: Json) -> bool:
    # To Python True is 1, to JSON it is not; 1 and 1.0 are one number to jsonb.
    return before == after and isinstance(before, bool) == isinstance(after, bool)
