"""Which database: the one that the settings name, or an embedded PostgreSQL meanwhile.

May import `config` and `store`; for `app` and the command line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from controller.config import Settings
from controller.store import Retention
from controller.store.embedded import EmbeddedPostgres

_log = structlog.get_logger(__name__)


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The database's URL; an embedded PostgreSQL runs in `data_dir` meanwhile if none is given."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    folder: Path = settings.data_dir.absolute()
    with EmbeddedPostgres(folder) as server:
        _log.warning("no database URL: using an embedded PostgreSQL", folder=str(folder))
        yield server.url


def retention(settings: Settings) -> Retention:
    """How long the past is kept."""
    return Retention(settings.history_days, settings.history_attempts)
