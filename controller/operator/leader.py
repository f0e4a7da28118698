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
from controller.operator.lease import Hold, Sighting, Step, Terms
from controller.operator.request import Body, ClusterError

_DEFAULT = Terms()

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
        *,
        terms: Terms = _DEFAULT,
    ) -> None:
        self._cluster = cluster
        self._namespace = namespace
        self._name = name
        self._identity = identity
        self._on_lost = on_lost
        self._terms = terms
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
            held = self._look()
        except ClusterError as error:
            _log.warning("the lease was neither taken nor renewed", error=str(error))
            if was_leading and time.monotonic() - self._renewed >= self._terms.renew_within:
                _log.error("leadership lost: the lease could not be renewed in time")
                return False
            self._stopping.wait(self._terms.retry_every if was_leading else self._terms.look_every)
            return True
        if was_leading and not held:
            _log.error("leadership lost: another one holds the lease")
            return False
        if held:
            # Strictly before the request: others may have seen the renewal since then.
            self._renewed = began
            self._lead()
        self._stopping.wait(self._terms.renew_every if held else self._terms.look_every)
        return True

    def _look(self) -> bool:
        """Take or renew the Lease where the rules say so; whether it is ours."""
        lease = self._cluster.get_lease(self._namespace, self._name)
        # Strictly after the answer: a change seen too early would let the Lease expire too early.
        now = time.monotonic()
        self._seen = rules.sight(self._seen, lease, now)
        step = rules.next_step(lease, self._seen, self._identity, now)
        if step is Step.WAIT:
            return False
        self._write(step, lease)
        return True

    def _write(self, step: Step, lease: Body | None) -> None:
        hold = Hold(self._identity, datetime.now(UTC), self._terms.duration)
        if lease is None or step is Step.CREATE:
            self._cluster.create_lease(rules.created(self._namespace, self._name, hold))
        elif step is Step.TAKE:
            self._cluster.replace_lease(rules.taken(lease, hold))
        else:
            self._cluster.replace_lease(rules.renewed(lease, hold))

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
