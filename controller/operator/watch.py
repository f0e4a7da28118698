"""Sees every change of a Pack, by kopf's watch: a thread with a loop of its own.

kopf is used for the watch only: it lists, watches and resumes after whatever interrupts it. Work is
done elsewhere, so no handler here keeps state on the objects, and kopf writes nothing at all: it
must not know the finalizer of Packs either, or it would take it off as no handler of its own's.
Permission: list and watch packs, in all namespaces or in each that is named. Imports kopf.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, cast

import kopf
import structlog

from controller.operator.access import connection_info
from controller.operator.cluster import Cluster
from controller.operator.request import Body, ClusterError
from controller.pack.spec import GROUP, PLURAL, VERSION

_LOOK_EVERY = 2.0
_GOODBYE = 0.1

_log = structlog.get_logger(__name__)


class Change(Enum):
    """What the API server says happened, by its own word in the watch."""

    LISTED = None
    """The Pack was there when a list was made: at start, and when a watch could not resume."""
    ADDED = "ADDED"
    MODIFIED = "MODIFIED"
    DELETED = "DELETED"


OnChange = Callable[[Change, Body], None]
"""Is told of each change in the watch's thread; must be quick, and not change the body."""


class _Backoffs:
    """Pauses between tries that never end, because a list that runs out of them stops kopf."""

    def __iter__(self) -> Iterator[float]:
        yield from (1.0, 1.0, 2.0, 3.0, 5.0, 8.0)
        while True:
            yield 10.0


class WatchEnded(Exception):
    """kopf has stopped by itself and does not say why."""


class Watch:
    """Tells `on_change` of every Pack in `namespaces`, all of the cluster when there are none.

    Waits until Packs are served, at start and when their resource definition was removed, and
    resumes by itself after outages of the API server. When it cannot go on nevertheless,
    `on_failure` is called once, from the thread, with the cause: the process should exit, and begin
    again with a list. A DELETED that happens while the API server is away is never told: a run that
    finds its Pack gone must say so itself.
    """

    def __init__(
        self,
        cluster: Cluster,
        on_change: OnChange,
        on_failure: Callable[[BaseException], None],
        *,
        namespaces: tuple[str, ...] = (),
    ) -> None:
        self._cluster = cluster
        self._on_change = on_change
        self._on_failure = on_failure
        self._namespaces = namespaces
        self._stopping = threading.Event()
        self._stop_kopf = threading.Event()
        self._broken: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self.ready = threading.Event()
        """Set while kopf watches."""

    def start(self) -> None:
        """Begin to watch."""
        # kopf tells of each event it handles, and of its end at length, which `on_failure` has.
        logging.getLogger("kopf").setLevel(logging.ERROR)
        logging.getLogger("kopf._core").setLevel(logging.CRITICAL)
        self._thread.start()

    def stop(self) -> None:
        """Watch no more; nobody is told anything once this returns."""
        self._stopping.set()
        self._stop_kopf.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wait_until_served()
            try:
                asyncio.run(self._watch())
            except Exception as error:  # noqa: BLE001 - whatever kopf ends with is the app's to judge
                if self._broken or self._is_served():
                    self._on_failure(self._broken or error)
                    return

    def _is_served(self) -> bool:
        try:
            return self._cluster.serves_packs()
        except ClusterError:
            return False

    def _wait_until_served(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._cluster.serves_packs():
                    return
                _log.warning(
                    "Packs are not served by this cluster",
                    hint="Install the CustomResourceDefinition: kubectl apply -f crds/.",
                )
            except ClusterError as error:
                _log.warning("cannot watch yet", error=str(error))
            self._stopping.wait(_LOOK_EVERY)

    async def _watch(self) -> None:
        stop = self._stop_kopf = threading.Event()
        if self._stopping.is_set():
            return
        try:
            await kopf.operator(
                registry=self._registry(),
                # Else kopf makes one from the name of the user, and an image's user may have none.
                identity=cast("Any", "packctl"),
                settings=_settings(),
                clusterwide=not self._namespaces,
                namespaces=self._namespaces,
                ready_flag=self.ready,
                stop_flag=stop,
            )
            if not self._stopping.is_set():
                raise WatchEnded
        finally:
            self.ready.clear()
            # kopf waits for the flag in a thread that the loop waits for at its end.
            stop.set()
            # A TLS connection that was being opened when kopf was stopped closes in the background.
            await asyncio.sleep(_GOODBYE)

    def _registry(self) -> kopf.OperatorRegistry:
        registry = kopf.OperatorRegistry()

        @kopf.on.login(registry=registry)
        async def login(**_: object) -> kopf.ConnectionInfo:
            return connection_info(self._cluster.access)

        @kopf.on.event(GROUP, VERSION, PLURAL, registry=registry)
        async def observe(event: kopf.RawEvent, **_: object) -> None:
            self._tell(Change(event["type"]), dict(event["object"]))

        return registry

    def _tell(self, change: Change, body: Body) -> None:
        if self._broken:
            return
        try:
            self._on_change(change, body)
        except Exception as error:  # noqa: BLE001 - kopf would swallow it, and a change be lost
            self._broken = error
            self._stop_kopf.set()


def _settings() -> kopf.OperatorSettings:
    settings = kopf.OperatorSettings()
    settings.peering.standalone = True
    settings.scanning.disabled = True
    settings.posting.enabled = False
    settings.process.ultimate_exiting_timeout = None
    settings.watching.server_timeout = 300
    settings.watching.client_timeout = 330
    settings.watching.connect_timeout = 10
    # Bookmarks come about each minute, so a longer silence is a stream that is dead.
    settings.watching.inactivity_timeout = 70
    settings.watching.chunk_size = 500
    settings.networking.request_timeout = 30
    settings.networking.connect_timeout = 10
    settings.networking.error_backoffs = _Backoffs()
    # Each object has a task for so long after its event; thousands of them come with a list.
    settings.queueing.idle_timeout = 1.0
    return settings
