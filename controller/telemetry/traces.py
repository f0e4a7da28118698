"""Whether reconciles are told as traces, by OpenTelemetry's own variables; the exporter is imported
here. May import `config` and `pack`.

The exporter takes some memory and a tenth of a second, which nobody pays who has not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from controller.config import OpenTelemetry
from controller.pack.identity import PackKey
from controller.pack.outcome import Outcome

Trace = Callable[[PackKey, Outcome], None]
"""Tells of one reconcile that has just ended, in the context of its log lines."""

_log = structlog.get_logger(__name__)


def _untold(_key: PackKey, _outcome: Outcome) -> None:
    """Nobody wants to know."""


@contextmanager
def traces(wanted: OpenTelemetry) -> Iterator[Trace]:
    """Send traces where `wanted` says, and the last ones when the context ends.

    What cannot be done is logged, and no reason not to work.
    """
    if not wanted.is_asked:
        yield _untold
        return
    if wanted.obstacle:
        _log.warning("no traces", why=wanted.obstacle)
        yield _untold
        return
    try:
        from controller.telemetry.spans import Spans
    except ImportError:
        _log.warning("no traces", why="Install attune-pack-controller[tracing], as the image does.")
        yield _untold
        return
    spans = Spans()
    _log.info("traces are sent")
    try:
        yield spans.reconciled
    finally:
        spans.close()
