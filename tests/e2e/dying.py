"""A controller that kills itself with SIGKILL at one point of its work, or tells which there are.

A point is a statement to the database, the end of a step, or the beginning or end of a write to
the API server, named as in the lists of `test_faults_killed.py`. The controller is the product's
own `App`; only the classes that it builds are replaced by ones that tell of each point.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

from controller import app
from controller.app import App
from controller.config import LogFormat, Settings
from controller.logs import configure
from controller.operator.cluster import Cluster
from controller.operator.request import Body
from controller.pack.identity import PackKey
from controller.pack.outcome import Outcome
from controller.pack.spec import PackSpec
from controller.reconcile import Reconciler
from controller.signals import stopped_by_signals
from controller.store import Store
from tests.forked import PROCESSES, end_with_parent

_SECONDS = 60.0

Tell = Callable[[str], None]


class DyingController:
    """A context around a controller with these PACKCTL_ settings, whose prefix is left out.

    It dies at `point` once it is armed; without a `point` it lives, and ends in order with the
    context. `folder` takes its log.
    """

    def __init__(
        self, settings: Mapping[str, str], folder: Path, point: str = "", *, armed: bool = False
    ) -> None:
        self._armed = PROCESSES.Event()
        self._reported = PROCESSES.Event()
        if armed:
            self._armed.set()
        self._trace = folder / "points"
        self._trace.unlink(missing_ok=True)
        self._process = PROCESSES.Process(
            target=_run,
            args=(dict(settings), folder, point, self._armed, self._reported),
            daemon=True,
        )

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join(_SECONDS)

    def arm(self) -> None:
        """From now on, points count; for a controller whose report has been seen.

        The report is seen before the controller has the API server's answer: what it does with that
        belongs to the time before, and so does the tidying up.
        """
        assert self._reported.wait(_SECONDS), "it never came to the end of its last run"
        self._armed.set()

    def wait_killed(self) -> None:
        """Wait until it has killed itself."""
        self._process.join(_SECONDS)
        passed = self.points()
        assert self._process.exitcode == -signal.SIGKILL, f"it lives, and has passed {passed}"

    def points(self) -> list[str]:
        """The points that it has passed since it was armed."""
        return self._trace.read_text().splitlines() if self._trace.exists() else []


class _Points:
    """Notes each point, the second one of a name as `name 2`, and dies at the one that is asked.

    Before it is armed, it tells only whether its last run is over.
    """

    def __init__(self, fatal: str, trace: Path, armed: Event, reported: Event) -> None:
        self._fatal = fatal
        self._trace = trace
        self._armed = armed
        self._reported = reported
        self._seen: Counter[str] = Counter()

    def tell(self, name: str) -> None:
        if not self._armed.is_set():
            self._reported.clear()
            return
        self._seen[name] += 1
        point = f"{name} {self._seen[name]}" if self._seen[name] > 1 else name
        with self._trace.open("a") as trace:
            trace.write(f"{point}\n")
        if point == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def rest(self) -> None:
        """Tell that a run is over."""
        self._reported.set()


class _TellingReconciler(Reconciler):
    """Tells of each step, and when it has tidied up, which is the last thing that it does."""

    def __init__(self, points: _Points, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, on_step=lambda name, _: points.tell(name), **options)
        self._points = points

    def tidy(self, spec: PackSpec, outcome: Outcome) -> None:
        super().tidy(spec, outcome)
        self._points.rest()


class _TellingCluster(Cluster):
    """Tells of each write to a Pack, before it is sent and after it is answered."""

    def __init__(self, tell: Tell, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._tell = tell

    def set_finalizers(
        self, key: PackKey, finalizers: Sequence[str], resource_version: str
    ) -> Body | None:
        self._tell("set_finalizers")
        body = super().set_finalizers(key, finalizers, resource_version)
        self._tell("set_finalizers done")
        return body

    def patch_status(self, key: PackKey, status: Body) -> Body | None:
        self._tell("patch_status")
        body = super().patch_status(key, status)
        self._tell("patch_status done")
        return body


def _telling_store(tell: Tell, *arguments: Any, on_statement: Tell, **options: Any) -> Store:
    """Tells of each statement before it is sent, besides whoever else hears of it."""

    def both(name: str) -> None:
        on_statement(name)
        tell(name)

    return Store(*arguments, on_statement=both, **options)


def _run(settings: dict[str, str], folder: Path, point: str, armed: Event, reported: Event) -> None:
    threading.Thread(target=end_with_parent, daemon=True).start()
    with (folder / "dying.log").open("ab") as log:
        os.dup2(log.fileno(), sys.stderr.fileno())
    configure(LogFormat.JSON, "info")
    points = _Points(point, folder / "points", armed, reported)
    controller = App(Settings(**settings))  # type: ignore[arg-type]  # pydantic reads the strings
    with (
        patch.object(app, "Store", partial(_telling_store, points.tell)),
        patch.object(app, "Reconciler", partial(_TellingReconciler, points)),
        patch.object(app, "Cluster", partial(_TellingCluster, points.tell)),
        stopped_by_signals(controller),
    ):
        controller.run()
