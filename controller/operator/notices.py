"""Who in spec.notify is yet to hear what a Pack's status says. Imports the room and `notify`.

What each was told last stands in the status, so the next process goes on where this one ended, and
a Pack of which there is nothing new costs no request.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
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
from controller.notify.letters import ForCommit, ForWebhook, receivers
from controller.notify.subject import page_of
from controller.operator.cache import Cache
from controller.operator.cluster import Cluster
from controller.operator.events import post_event
from controller.operator.request import ApiRefused, ClusterError
from controller.operator.resource import Resource
from controller.pack.identity import PackKey
from controller.pack.spec import GitSpec, SecretReference
from controller.pack.status import NotifiedStatus, PackStatus
from controller.pack.tree import Revision
from controller.reconcile import Asked
from controller.redact import brief
from controller.status import Event, EventType
from controller.status.render import timestamp, to_patch

LONG = 2.0
"""Seconds after which a sync is shown as under way."""
FAILED = "NotificationFailed"

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Known:
    """Of one Pack, by who is told: the newest news, and what an event told of a failure."""

    newest: dict[str, str] = field(default_factory=dict)
    blamed: dict[str, tuple[str, str]] = field(default_factory=dict)


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
        self._known: defaultdict[PackKey, _Known] = defaultdict(_Known)
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

    def tell(self, pack: Resource) -> None:
        """Have those who do not know yet what the status of `pack` says be told."""
        if pack.notify is None:
            return
        status = pack.status()
        told = {one.to: one.news for one in status.notified or ()}
        for letter in self._letters(pack, status):
            self._newest(letter)
            if told.get(letter.to) == letter.news:
                self._outbox.settle(letter)
            else:
                self._outbox.put(letter)

    def ask(self, asked: Asked, pack: Resource) -> Asked:
        """`asked`, so that a commit that has something to do is shown as under way, if nothing
        else is to be said of it soon."""
        wanted = pack.notify
        if wanted is None or wanted.commit_status is None:
            return asked

        def check_turn(revision: Revision) -> None:
            self._begin(pack, revision)
            asked.check_turn(revision)

        return replace(asked, check_turn=check_turn)

    def _begin(self, pack: Resource, revision: Revision) -> None:
        wanted = pack.notify
        is_new = pack.status().last_applied_revision != str(revision)
        git = pack.git
        if git and wanted and wanted.commit_status and is_new:
            content = ForCommit(pending(revision.commit), wanted.commit_status)
            letter = self._letter(pack, git, content)
            self._newest(letter)
            self._outbox.put(letter, delay=LONG)

    def forget(self, key: PackKey) -> None:
        """Drop what is known of a Pack that is gone."""
        with self._lock:
            self._known.pop(key, None)

    def _newest(self, letter: Letter) -> None:
        with self._lock:
            self._known[letter.subject.key].newest[letter.to] = letter.news

    def _letters(self, pack: Resource, status: PackStatus) -> Iterator[Letter]:
        wanted, git = pack.notify, pack.git
        if wanted is None or git is None:
            return
        found = result(status)
        if wanted.commit_status and found:
            yield self._letter(pack, git, ForCommit(found, wanted.commit_status))
        said = notice(pack.uid, status) if wanted.webhooks else None
        if said:
            for one in wanted.webhooks:
                yield self._letter(pack, git, ForWebhook(said, one))

    def _letter(self, pack: Resource, git: GitSpec, content: ForCommit | ForWebhook) -> Letter:
        page = page_of(self._public_url, pack.key, pack.known_ref)
        subject = Subject(pack.key, self._name, page)
        return Letter(subject, pack.uid, git, content)

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
            pack, wanted = self._cache.get(key), None
            if pack is not None and pack.uid == letter.uid and self._is_newest(letter):
                wanted = pack.notify
            if pack is None or wanted is None:
                return
            before = pack.status()
            patch = to_patch(before, _noted(before, letter, receivers(wanted)))
            try:
                body = self._cluster.patch_status(key, patch) if patch else None
            except ClusterError as error:
                _log.warning("notification not noted", pack=str(key), error=str(error))
                return
            if body is not None:
                self._cache.put(body)
        _log.info("told", pack=str(key), to=letter.to)

    def _is_newest(self, letter: Letter) -> bool:
        """Whether nothing newer is to be told; the older one must not be what is known then."""
        with self._lock:
            known = self._known.get(letter.subject.key)
            return known is not None and known.newest.get(letter.to) == letter.news

    def _gave_up(self, letter: Letter, error: Undelivered) -> None:
        """Say once for all looks that something did not arrive; each look tries it again."""
        key, why = letter.subject.key, brief(str(error))
        pack = self._cache.get(key)
        if pack is None or pack.uid != letter.uid or not self._is_news(letter, why):
            return
        _log.warning("not told", pack=str(key), to=letter.to, error=why)
        message = f"The {letter.to} could not be delivered: {why}"
        post_event(self._cluster, pack.body, Event(EventType.WARNING, FAILED, message))

    def _is_news(self, letter: Letter, why: str) -> bool:
        """Whether nobody has said yet that, and why, it did not arrive."""
        with self._lock:
            blamed = self._known[letter.subject.key].blamed
            known, blamed[letter.to] = blamed.get(letter.to), (letter.news, why)
        return known != (letter.news, why)


def _noted(before: PackStatus, letter: Letter, wanted: frozenset[str]) -> PackStatus:
    now = timestamp(datetime.now(UTC))
    entry = NotifiedStatus(to=letter.to, news=letter.news, time=now)
    others = tuple(one for one in before.notified or () if one.to != letter.to and one.to in wanted)
    return before.model_copy(update={"notified": (*others, entry)})
