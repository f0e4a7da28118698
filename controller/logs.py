"""How log lines look, and that nothing secret is in one. May import `config` and `redact`."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.contextvars import merge_contextvars

from controller.config import LogFormat
from controller.redact import scrub

Line = MutableMapping[str, Any]


def configure(form: LogFormat, level: str) -> None:
    """Send all log lines to standard error: text on a terminal, JSON elsewhere, credentials out."""
    text = form is LogFormat.TEXT or (form is LogFormat.AUTO and sys.stderr.isatty())
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _scrubbed,
            structlog.dev.ConsoleRenderer() if text else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )
    # Libraries speak up only when something is wrong; their lines pass the same scrubber.
    logging.basicConfig(level=logging.WARNING, handlers=[_Foreign()], force=True)


def _to_stderr(*_: object) -> structlog.PrintLogger:
    """Made anew for each line, because standard error may be another one by now."""
    return structlog.PrintLogger(sys.stderr)


class _Foreign(logging.Handler):
    """The lines of libraries, without their tracebacks."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(record.levelno, record.getMessage())


def _scrubbed(_logger: object, _name: str, line: Line) -> Line:
    for key, value in line.items():
        if isinstance(value, str):
            line[key] = scrub(value)
    return line
