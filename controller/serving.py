"""The composition root of `packctl serve`: the API of a database, without a cluster.

May import everything but `cli`, `app` and `operator`.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack

import structlog

from controller import __version__
from controller.config import Settings
from controller.database import database_url, retention
from controller.errors import InvalidSpec, Reason
from controller.front import front
from controller.hooks import Push
from controller.issuers import issuer
from controller.store import DatabaseSettings, Store
from controller.telemetry import Meters
from controller.validate import Memo
from controller.web import (
    Api,
    Check,
    Deeds,
    Desk,
    Doors,
    Folders,
    Gate,
    Known,
    NoCluster,
    TokenFile,
)

_log = structlog.get_logger(__name__)


class _Nobody:
    """No Pack hears of pushes."""

    def token(self, _path: str) -> str | None:
        return None

    def tell(self, _path: str, _push: Push) -> int:
        return 0

    def tell_all(self, _push: Push) -> int:
        return 0


def _always() -> bool:
    return True


class Serving:
    """One server. `run` returns when it is told to stop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()

    def run(self) -> None:
        """Answer until `stop`; raises `PackError` when it cannot even begin."""
        settings = self._settings
        gate = Gate(Known(_tokens(settings), issuer=issuer(settings)))
        if not settings.http_listen:
            raise InvalidSpec(Reason.INVALID_SPEC, "Nobody could ask: give --listen host:port.")
        with ExitStack() as stack:
            url = stack.enter_context(database_url(settings))
            limits = DatabaseSettings(url, max_connections=settings.database_connections)
            meters = Meters()
            store = stack.enter_context(
                Store(
                    limits,
                    retention=retention(settings),
                    on_statement=meters.stated,
                    on_retry=meters.tried_again,
                )
            )
            store.prepare()
            memo = Memo(settings.remembered_files)
            folders = Folders(settings.packs_base_dir, store, memo)
            deeds = Deeds(Desk(store, NoCluster()), folders, memo, None)
            doors = Doors(_Nobody(), (), meters, _always)
            needs = (Check("database", store.ping),)
            stack.enter_context(front(settings, needs, doors, Api(deeds, gate)))
            _log.info("serving", version=__version__, packs_dir=str(settings.packs_base_dir))
            self._stopping.wait()

    def stop(self) -> None:
        """End `run`, from any thread or a signal handler."""
        self._stopping.set()


def _tokens(settings: Settings) -> TokenFile:
    if settings.api_tokens_file is None:
        raise InvalidSpec(
            Reason.INVALID_SPEC,
            "Nobody could ask: there is no file of tokens.",
            hint="Give --tokens; docs/api.md has one and says how tokens are made.",
        )
    return TokenFile(settings.api_tokens_file)
