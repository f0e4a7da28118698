"""The composition root of `packctl run`: what there is, and in which order it starts and stops.

May import everything but `cli`.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import structlog

from controller import __version__
from controller.config import OpenTelemetry, Settings
from controller.database import database_url, retention
from controller.errors import PackError, Reason, Waiting
from controller.front import front
from controller.issuers import issuer
from controller.notify import Network
from controller.operator.access import load_config
from controller.operator.cache import Cache
from controller.operator.census import census
from controller.operator.cluster import Cluster
from controller.operator.identity import ClusterName
from controller.operator.leader import Leader
from controller.operator.notices import Notices
from controller.operator.orders import Orders
from controller.operator.packs import Packs
from controller.operator.queue import WorkQueue
from controller.operator.receivers import Receivers
from controller.operator.reviews import Reviews
from controller.operator.rounds import Rounds
from controller.operator.schedule import Group, GroupsOf, Priority
from controller.operator.sources import Sources
from controller.operator.successes import Successes
from controller.operator.sweeper import Sweeper
from controller.operator.turns import Turns
from controller.operator.watch import Watch
from controller.operator.workers import Workers
from controller.pack.identity import PackKey
from controller.pack.outcome import Outcome
from controller.reconcile import Reconciler
from controller.redact import brief
from controller.source.commands import check_git
from controller.source.eviction import Budget
from controller.source.hosts import Hosts
from controller.source.mirrors import Mirrors
from controller.source.network import network_policy
from controller.source.traffic import NOBODY, Audience
from controller.source.urls import Scheme, origin_of
from controller.store import DatabaseSettings, NewerSchema, Store
from controller.telemetry import Meters, Trace, traces
from controller.validate import Memo
from controller.web import (
    Api,
    Check,
    ClusterUsers,
    Deeds,
    Desk,
    Doors,
    Folders,
    Gate,
    Known,
    TokenFile,
)

PER_REPOSITORY = 3
"""Workers that one repository may hold."""

_LAST_WORDS = 2.0
"""Seconds for notifications that are under way at the end; the next process tells what is left."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the threads of one controller share."""

    cluster: Cluster
    store: Store
    cache: Cache
    queue: WorkQueue
    repositories: Mirrors
    sources: Sources
    receivers: Receivers
    memo: Memo
    name: ClusterName
    trace: Trace


class App:
    """One controller. `run` returns when it is told to stop or cannot go on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._working = threading.Event()
        self._failed = False
        self._meters = Meters()
        self._meters.works(self._working.is_set)

    def run(self) -> bool:
        """Work until `stop` or a signal; whether it ended well. Raises `PackError` or `NoAccess`
        when it cannot even begin."""
        settings = self._settings
        _log.info("starting", version=__version__, git=check_git())
        access = load_config(str(settings.kubeconfig) if settings.kubeconfig else None)
        with ExitStack() as stack:
            trace = stack.enter_context(traces(OpenTelemetry()))
            url = stack.enter_context(database_url(settings))
            store = stack.enter_context(
                Store(
                    DatabaseSettings(url, max_connections=settings.database_connections),
                    retention=retention(settings),
                    on_statement=self._meters.stated,
                    on_retry=self._meters.tried_again,
                )
            )
            cluster = Cluster(access, connections=settings.workers + 4)
            stack.callback(cluster.close)
            parts = _assemble(settings, cluster, store, self._meters, trace)
            stack.enter_context(
                front(settings, self._needs(parts), self._doors(parts), self._api(parts))
            )
            if self._lead(cluster, stack):
                _refuse_newer(store)
                self._work(parts)
        return not self._failed

    def stop(self) -> None:
        """End `run`, from any thread or a signal handler."""
        self._stopping.set()

    def _needs(self, parts: _Parts) -> tuple[Check, ...]:
        """What has to answer for the controller to be ready."""
        return (
            Check("database", parts.store.ping),
            Check("kubernetes", parts.cluster.check),
            Check("work", self._check_work),
        )

    def _doors(self, parts: _Parts) -> Doors:
        tokens = self._settings.webhook_tokens.get_secret_value().split("\n")
        known = tuple(filter(None, map(str.strip, tokens)))
        return Doors(parts.receivers, known, self._meters, self._working.is_set)

    def _api(self, parts: _Parts) -> Api:
        settings = self._settings
        users = None
        if settings.api_kubernetes:
            named = filter(None, map(str.strip, settings.api_audiences.split(",")))
            users = ClusterUsers(Reviews(parts.cluster, tuple(named)))
        tokens = TokenFile(settings.api_tokens_file) if settings.api_tokens_file else None
        desk = Desk(parts.store, parts.cache, is_open=self._working.is_set)
        folders = Folders(settings.packs_base_dir, parts.store, parts.memo)
        orders = Orders(parts.cluster, parts.cache, parts.sources, parts.name)
        gate = Gate(Known(tokens, users, issuer(settings)))
        return Api(Deeds(desk, folders, parts.memo, orders), gate)

    def _check_work(self) -> None:
        if not self._working.is_set():
            raise Waiting(Reason.PROGRESSING_WITH_RETRY, "It waits for the Lease.")

    def _lead(self, cluster: Cluster, stack: ExitStack) -> bool:
        """Wait for the Lease; False when told to stop before."""
        settings = self._settings
        if not settings.leader_election:
            return not self._stopping.is_set()
        name = f"{socket.gethostname()}-{os.getpid()}"
        leader = Leader(cluster, settings.lease_namespace, settings.lease_name, name, self._on_lost)
        leader.start()
        stack.callback(leader.stop)
        _log.info("waiting for the lease", lease=settings.lease_name, identity=name)
        while not leader.leading.wait(0.1):
            if self._stopping.is_set():
                return False
        return True

    def _work(self, parts: _Parts) -> None:
        settings, cache, queue = self._settings, parts.cache, parts.queue
        successes = Successes()
        notices = self._notices(parts)
        packs = Packs(
            parts.cluster,
            cache,
            queue,
            parts.sources,
            Reconciler(parts.store, parts.memo),
            Rounds(settings.interval_jitter),
            parts.receivers,
            parts.name,
            Turns(parts.cluster, cache, queue),
            notices,
            partial(_count, self._meters, successes, parts.trace),
        )
        workers = Workers(queue, packs.handle, count=settings.workers)
        watch = Watch(parts.cluster, packs.observe, self._on_failure, namespaces=settings.watched)
        sweeper = Sweeper(parts.store)
        notices.start()
        workers.start()
        watch.start()
        sweeper.start()
        self._meters.show(census(cache, queue, parts.repositories.taken, successes))
        self._working.set()
        _log.info("working", workers=settings.workers, namespaces=settings.watched or "all")
        self._stopping.wait()
        self._working.clear()
        _log.info("stopping", grace_seconds=settings.shutdown_grace)
        watch.stop()
        sweeper.stop()
        left = workers.stop(settings.shutdown_grace)
        if left:
            _log.warning("left unfinished", packs=[str(key) for key in left])
        notices.stop(_LAST_WORDS)

    def _notices(self, parts: _Parts) -> Notices:
        settings = self._settings
        repositories = parts.repositories
        return Notices(
            parts.cluster,
            parts.cache,
            Network(repositories.network, repositories.allowed),
            self._meters.notified,
            name=settings.cluster,
            public_url=settings.public_url,
        )

    def _on_lost(self) -> None:
        self._end("leadership was lost: another controller may be at work")

    def _on_failure(self, error: BaseException) -> None:
        self._end(f"the watch ended: {type(error).__name__}: {brief(str(error))}")

    def _end(self, why: str) -> None:
        _log.error("cannot go on", why=why)
        self._failed = True
        self._stopping.set()


def _refuse_newer(store: Store) -> None:
    """Raise `NewerSchema` where this one has been overtaken: it would only tell every Pack that it
    cannot go on, over what the newer one says. Whatever else is wrong there may pass."""
    try:
        store.refuse_newer()
    except NewerSchema:
        raise
    except PackError as error:
        _log.warning("database not looked at", error=str(error))


def _count(
    meters: Meters, successes: Successes, trace: Trace, key: PackKey, outcome: Outcome
) -> None:
    meters.reconciled(outcome)
    successes.heard(key, outcome)
    trace(key, outcome)


def _assemble(
    settings: Settings, cluster: Cluster, store: Store, audience: Audience, trace: Trace
) -> _Parts:
    cache, repositories = Cache(), mirrors(settings, audience)
    queue = WorkQueue(_groups_of(cache, repositories.hosts, settings.workers_of_one))
    receivers = Receivers(cluster, cache, partial(_pushed, queue))
    sources = Sources(cluster, repositories, partial(queue.add, priority=Priority.MOVED))
    return _Parts(
        cluster,
        store,
        cache,
        queue,
        repositories,
        sources,
        receivers,
        Memo(settings.remembered_files),
        ClusterName(cluster, settings.cluster),
        trace,
    )


def _pushed(queue: WorkQueue, key: PackKey, delay: float) -> None:
    queue.add(key, Priority.PUSHED, delay)


def _groups_of(cache: Cache, hosts: Hosts, workers_of_one: int) -> GroupsOf:
    """What Packs share: a slow repository or host must leave workers for the rest, and so must a
    namespace, whose Packs may lead to any number of slow hosts."""

    def groups_of(key: PackKey) -> tuple[Group, ...]:
        pack = cache.get(key)
        if pack is None:
            return ()
        host = origin_of(pack.url)
        room = hosts.manners(host).value
        return (
            Group(f"namespace {key.namespace}", workers_of_one),
            Group(f"host {host}", room),
            Group(f"repository {pack.url}", PER_REPOSITORY),
        )

    return groups_of


def mirrors(settings: Settings, audience: Audience = NOBODY) -> Mirrors:
    """The Git mirrors, with the schemes and the network that the settings allow; `audience` hears
    what is asked of servers. Raises `InvalidSpec` for a wrong entry."""
    allowed = {Scheme.HTTP: settings.allow_http, Scheme.FILE: settings.allow_file}
    return Mirrors(
        settings.cache_dir,
        frozenset(scheme for scheme, is_allowed in allowed.items() if is_allowed),
        budget=Budget(settings.cache_size, settings.max_repository_size, settings.mirrors),
        network=network_policy(
            settings.allowed_hosts,
            settings.denied_hosts,
            settings.allowed_networks,
            settings.denied_networks,
            settings.api_server,
        ),
        audience=audience,
    )
