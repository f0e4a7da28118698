"""A process that dies in the middle of a sync, as SIGKILL or a power cut would have it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import replace

from controller.store import DatabaseSettings, Store, SyncRequest
from tests.store.make import MANIFEST, request, workflow, workflows

# A fork server has neither threads nor connections that a child could inherit.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])


def before(store: Store) -> SyncRequest:
    """The commit that is in the database when the crash comes."""
    return request(store, workflows("a", "b", "c"), commit="c1")


def after(store: Store) -> SyncRequest:
    """A commit that changes the pack, and updates, creates and prunes workflows."""
    content = [workflow("a", text="new"), *workflows("b", "d")]
    newer = replace(MANIFEST, version="2.0.0")
    return request(store, content, manifest=newer, commit="c2")


def sync_in_a_process_that_dies(url: str, statement: str) -> int | None:
    """Run `after` in a child that kills itself when `statement` is next; its exit code."""
    return _run(_sync_and_die, url, statement)


def migrate_in_a_process_that_dies(url: str, statement: str) -> int | None:
    """Bring the schema up to date in a child that kills itself likewise; its exit code."""
    return _run(_migrate_and_die, url, statement)


def tidy_in_a_process_that_dies(url: str, place: int) -> int | None:
    """Keep one revision, in a child that kills itself before its statement number `place`."""
    return _run(_tidy_and_die, url, str(place))


def delete_in_a_process_that_dies(url: str, statement: str) -> int | None:
    """Delete the pack by hand, in a child that kills itself likewise; its exit code."""
    return _run(_delete_and_die, url, statement)


def _run(target: Callable[[str, str], None], url: str, statement: str) -> int | None:
    child = _PROCESSES.Process(target=target, args=(url, statement))
    child.start()
    child.join(timeout=60)
    return child.exitcode


def _sync_and_die(url: str, statement: str) -> None:
    with Store(DatabaseSettings(url), on_statement=_killer(statement)) as store:
        store.sync(after(store))
        _killer(statement)("committed")


def _delete_and_die(url: str, statement: str) -> None:
    with Store(DatabaseSettings(url), on_statement=_killer(statement)) as store:
        store.delete_pack("demo")


def _migrate_and_die(url: str, statement: str) -> None:
    with Store(DatabaseSettings(url), on_statement=_killer(statement)) as store:
        store.migrate()


def _tidy_and_die(url: str, place: str) -> None:
    heard: list[str] = []

    def die_in_place(name: str) -> None:
        heard.append(name)
        if len(heard) == int(place):
            os.kill(os.getpid(), signal.SIGKILL)

    with Store(DatabaseSettings(url), on_statement=die_in_place) as store:
        store.tidy("demo", keep=1)


def _killer(statement: str) -> Callable[[str], None]:
    def die_at(name: str) -> None:
        if name == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    return die_at
