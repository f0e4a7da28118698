"""Who in spec.notify is yet to hear what a Pack's status says. Imports the room and `notify`.

What each was told last stands in the status, so the next process goes on where this one ended, and
a Pack of which there is nothing new costs no request.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from controller.notify import (
    Letter,
    Network,
    Outbox,
    Subject,
    Undelivered,
    deliver,
    notice,
    pending,
    result,
)
from controller.notify.letters import ForCommit, ForWebhook
from controller.notify.subject import page_of
from controller.operator.cache import Cache
from controller.operator.cluster import Cluster
from controller.operator.events import post_event
from controller.operator.request import ApiRefused, ClusterError
from controller.operator.resource import Resource
from controller.pack.identity import PackKey
from controller.pack.spec import SecretReference
from controller.pack.status import NotifiedStatus, PackStatus
from controller.pack.tree import Revision
from controller.redact import brief
from controller.status import Event, EventType
from controller.status.render import timestamp, to_patch

LONG = 2.0
"""Seconds after which a sync is shown as under way."""
FAILED = "NotificationFailed"

_log = structlog.get_logger(__name__)


class Notices:
    """What is told of all Packs; safe to use from many threads."""

    def __init__(
        self,
        cluster: Cluster,
        cache: Cache,
        network: Network,
        count: Callable[[str], None],
        *,
        name: str = "",
        public_url: str = "",
    ) -> None:
        """`name` is the cluster's, `public_url` where people reach the controller; both may be
        empty. `count` hears what became of each try."""
        self._cluster = cluster
        self._cache = cache
        self._network = network
        self._name = name
        self._public_url = public_url
        self._outbox: Outbox[Letter] = Outbox(self._deliver, self._gave_up, count)
        self._newest: dict[tuple[PackKey, str], str] = {}
        self._blamed: dict[tuple[PackKey, str], tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def start(self) -> None:
        """Begin to deliver."""
        self._outbox.start()

    def stop(self, grace: float) -> None:
        """End, waiting `grace` seconds for what is under way; what is left is told by the next
        process."""
        left = self._outbox.stop(grace)
        if left:
            _log.info("notifications left for the next start", count=left)

    def tell(self, pack: Resource, status: PackStatus) -> None:
        """Have those who do not know yet what `status` says be told."""
        told = {one.to: one.news for one in status.notified}
        for letter in self._letters(pack, status):
            with self._lock:
                self._newest[pack.key, letter.to] = letter.news
            if told.get(letter.to) == letter.news:
                self._outbox.settle(letter)
            else:
                self._outbox.put(letter)

    def begin(self, pack: Resource, revision: Revision) -> None:
        """Have a commit shown as under way, if nothing else is to be said of it soon."""
        wanted = pack.notify
        is_new = pack.status().last_applied_revision != str(revision)
        if wanted and wanted.commit_status and is_new:
            content = ForCommit(pending(revision.commit), wanted.commit_status)
            self._outbox.put(self._letter(pack, content), delay=LONG)

    def kept(self, pack: Resource, before: PackStatus) -> tuple[NotifiedStatus, ...]:
        """What the status goes on saying of those who are still to be told."""
        if not before.notified or pack.notify is None:
            return ()
        return before.notified

    def forget(self, key: PackKey) -> None:
        """Drop what is known of a Pack that is gone."""
        with self._lock:
            for known in (self._newest, self._blamed):
                for one in [one for one in known if one[0] == key]:
                    del known[one]  # type: ignore[attr-defined]

    def _letters(self, pack: Resource, status: PackStatus) -> Iterator[Letter]:
        wanted = pack.notify
        if wanted is None:
            return
        found = result(status)
        if wanted.commit_status and found:
            yield self._letter(pack, ForCommit(found, wanted.commit_status))
        said = notice(pack.uid, status) if wanted.webhooks else None
        if said:
            for one in wanted.webhooks:
                yield self._letter(pack, ForWebhook(said, one))

    def _letter(self, pack: Resource, content: ForCommit | ForWebhook) -> Letter:
        subject = Subject(pack.key, self._name, page_of(self._public_url, pack.key))
        return Letter(subject, pack.uid, pack.git, content)

    def _deliver(self, letter: Letter) -> None:
        namespace = letter.subject.key.namespace

        def secrets(named: SecretReference) -> dict[str, bytes]:
            return self._secret(namespace, named.name)

        deliver(letter, secrets, self._network)
        self._record(letter)

    def _secret(self, namespace: str, name: str) -> dict[str, bytes]:
        try:
            found = self._cluster.read_secret(namespace, name)
        except ApiRefused as error:
            raise Undelivered(f"The Secret {name} cannot be read: {error}", passes=False) from None
        except ClusterError:
            raise Undelivered(f"The Secret {name} cannot be read now.", passes=True) from None
        if found is None:
            raise Undelivered(
                f"There is no Secret {name} in the namespace {namespace}.", passes=False
            )
        return found

    def _record(self, letter: Letter) -> None:
        """Write down that it arrived; who is told twice after a failure of this can tell."""
        key = letter.subject.key
        with self._writing:
            pack = self._cache.get(key)
            if pack is None or pack.uid != letter.uid or pack.notify is None:
                return
            before = pack.status()
            patch = to_patch(before, _noted(before, letter, pack))
            try:
                body = self._cluster.patch_status(key, patch) if patch else None
            except ClusterError as error:
                _log.warning("notification not noted", pack=str(key), error=str(error))
                return
            if body is not None:
                self._cache.put(body)
        _log.info("told", pack=str(key), to=letter.to)

    def _gave_up(self, letter: Letter, error: Undelivered) -> None:
        """Say once for all looks that something did not arrive; each look tries it again."""
        key, why = letter.subject.key, brief(str(error))
        with self._lock:
            blamed = self._blamed.get((key, letter.to))
            self._blamed[key, letter.to] = (letter.news, why)
        if blamed == (letter.news, why):
            return
        _log.warning("not told", pack=str(key), to=letter.to, error=why)
        pack = self._cache.get(key)
        if pack is not None and pack.uid == letter.uid:
            message = f"The {letter.to} could not be delivered: {why}"
            post_event(self._cluster, pack.body, Event(EventType.WARNING, FAILED, message))


def _noted(before: PackStatus, letter: Letter, pack: Resource) -> PackStatus:
    now = timestamp(datetime.now(UTC))
    entry = NotifiedStatus(to=letter.to, news=letter.news, time=now)
    others = tuple(one for one in before.notified if one.to != letter.to)
    return before.model_copy(update={"notified": (*others, entry)})
