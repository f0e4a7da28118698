"""Leads while it holds the Lease: a thread that takes, renews and gives it back.

Leadership only saves double work. Rows are protected by PostgreSQL's locks, whoever believes to
lead. The client's own `leaderelection` cannot be stopped and never releases its Lease, which would
make each roll-out wait for the Lease to expire. Imports the rules of Leases and the clocks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from controller.operator import lease as rules
from controller.operator.cluster import Cluster
from controller.operator.lease import RENEW_WITHIN, Sighting, Step
from controller.operator.request import Body, ClusterError, Conflict

_RENEW_EVERY = 5.0
_LOOK_EVERY = 2.0
_RETRY_EVERY = 1.0

_log = structlog.get_logger(__name__)


class Leader:
    """One candidate, named `identity`, for the Lease `namespace`/`name`.

    `leading` is set while it leads. `on_lost` is called once, from the thread, when it no longer
    does without having been stopped; the process should then exit, as its successor is at work.
    """

    def __init__(
        self,
        cluster: Cluster,
        namespace: str,
        name: str,
        identity: str,
        on_lost: Callable[[], None],
    ) -> None:
        self._cluster = cluster
        self._namespace = namespace
        self._name = name
        self._identity = identity
        self._on_lost = on_lost
        self._seen: Sighting | None = None
        self._renewed = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="leader", daemon=True)
        self.leading = threading.Event()

    def start(self) -> None:
        """Stand for leadership."""
        self._thread.start()

    def stop(self) -> None:
        """Give the Lease back, so that the next one takes it at once. Stop the work first."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set() and self._holds_on():
                pass
        finally:
            if self._stopping.is_set():
                self._release()
            else:
                self.leading.clear()
                self._on_lost()

    def _holds_on(self) -> bool:
        """Look at the Lease once, then pause; False when leadership was lost."""
        was_leading = self.leading.is_set()
        began = time.monotonic()
        try:
            held = self._look(began)
        except ClusterError as error:
            _log.warning("cannot reach the lease", error=str(error))
            if was_leading and time.monotonic() - self._renewed >= RENEW_WITHIN:
                _log.error("leadership lost: the lease could not be renewed in time")
                return False
            self._stopping.wait(_RETRY_EVERY if was_leading else _LOOK_EVERY)
            return True
        if was_leading and not held:
            _log.error("leadership lost: another one holds the lease")
            return False
        if held:
            self._renewed = began
            self._lead()
        self._stopping.wait(_RENEW_EVERY if held else _LOOK_EVERY)
        return True

    def _look(self, now: float) -> bool:
        """Take or renew the Lease where the rules say so; whether it is ours."""
        lease = self._cluster.get_lease(self._namespace, self._name)
        self._seen = rules.sight(self._seen, lease, now)
        step = rules.next_step(lease, self._seen, self._identity, now)
        if step is Step.WAIT:
            return False
        try:
            self._write(step, lease)
        except Conflict:
            # Another candidate was faster, or an answer of the API server to us got lost; the
            # next look tells which, and a leader has time for one more.
            return self.leading.is_set()
        return True

    def _write(self, step: Step, lease: Body | None) -> None:
        at = datetime.now(UTC)
        if lease is None or step is Step.CREATE:
            fresh = rules.created(self._namespace, self._name, self._identity, at)
            self._cluster.create_lease(fresh)
        elif step is Step.TAKE:
            self._cluster.replace_lease(rules.taken(lease, self._identity, at))
        else:
            self._cluster.replace_lease(rules.renewed(lease, self._identity, at))

    def _lead(self) -> None:
        if not self.leading.is_set():
            _log.info("leading", lease=f"{self._namespace}/{self._name}", identity=self._identity)
            self.leading.set()

    def _release(self) -> None:
        if not self.leading.is_set():
            return
        self.leading.clear()
        try:
            lease = self._cluster.get_lease(self._namespace, self._name)
            if lease and rules.holder(lease) == self._identity:
                self._cluster.replace_lease(rules.released(lease, datetime.now(UTC)))
        except ClusterError as error:
            _log.warning("the lease was not given back and expires by itself", error=str(error))
