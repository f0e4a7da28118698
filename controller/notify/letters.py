"""One thing to tell one receiver, and how it is told. Imports this room.

What opens the receiver is read when it is told, so that a changed Secret counts at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from controller.notify.addresses import api_of
from controller.notify.calls import Caller, Network
from controller.notify.hosts import Entry, show
from controller.notify.messages import cloud_event, slack
from controller.notify.news import Notice, Result
from controller.notify.opening import Opening, opening
from controller.notify.subject import Subject
from controller.notify.undelivered import Undelivered
from controller.pack.spec import (
    CommitStatusSpec,
    GitSpec,
    NotifySpec,
    NotifyWebhookSpec,
    SecretReference,
    WebhookType,
)
from controller.redact import brief

COMMIT_STATUS = "commit status"
_ID = 8
_NAME = 70

Secrets = Callable[[SecretReference], dict[str, bytes]]
"""The values of a Secret in the Pack's namespace; raises `Undelivered` where there is none."""


@dataclass(frozen=True, slots=True)
class ForCommit:
    """The result of a revision, for the repository's host."""

    result: Result
    wanted: CommitStatusSpec

    @property
    def to(self) -> str:
        """Who is told, for people."""
        return COMMIT_STATUS


@dataclass(frozen=True, slots=True)
class ForWebhook:
    """A state, for whoever wants to hear of it."""

    notice: Notice
    wanted: NotifyWebhookSpec

    @property
    def to(self) -> str:
        """Who is told, for people, without what may be secret in an address."""
        return name_of(self.wanted)


def name_of(wanted: NotifyWebhookSpec) -> str:
    """A receiver's name for people, without what may be secret in its address."""
    named, url = wanted.secret_ref, wanted.url or ""
    told = f"of Secret {named.name}" if named else f"at {urlsplit(url).netloc}"
    digest = hashlib.sha256((named.name if named else url).encode()).hexdigest()[:_ID]
    return f"{wanted.type.value} {brief(told, limit=_NAME)} ({digest})"


def receivers(wanted: NotifySpec) -> frozenset[str]:
    """The names of all who are to be told."""
    hooks = frozenset(map(name_of, wanted.webhooks))
    return hooks | ({COMMIT_STATUS} if wanted.commit_status else set())


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be told whom; `uid` tells the Pack from others of its name."""

    subject: Subject
    uid: str
    git: GitSpec
    content: ForCommit | ForWebhook

    @property
    def to(self) -> str:
        """Who is told, for people."""
        return self.content.to

    @property
    def news(self) -> str:
        """The same for as long as the same is to be told."""
        content = self.content
        return content.result.key if isinstance(content, ForCommit) else content.notice.key

    @property
    def slot(self) -> tuple[str, str, str]:
        """What has room for one letter: this Pack, its revision and the receiver."""
        content = self.content
        if isinstance(content, ForCommit):
            return self.uid, self.to, content.result.commit
        return self.uid, self.to, content.notice.status.last_attempted_revision or ""

    @property
    def group(self) -> str:
        """The namespace."""
        return self.subject.key.namespace


def deliver(letter: Letter, secrets: Secrets, network: Network) -> None:
    """Tell it; raises `Undelivered`."""
    proxy = secrets(letter.git.proxy_secret_ref) if letter.git.proxy_secret_ref else None
    content = letter.content
    named = content.wanted.secret_ref
    opened = opening(secrets(named) if named else {}, proxy)
    if isinstance(content, ForCommit):
        _show(letter, content, opened, network)
    else:
        _send(letter, content, opened, network)


def _show(letter: Letter, content: ForCommit, opened: Opening, network: Network) -> None:
    repository = network.repository(letter.git.url)
    api = api_of(content.wanted.provider, repository, opened.address or _of_app(opened))
    show(Entry(letter.subject, content.result, api, letter.git.path), opened, network)


def _of_app(opened: Opening) -> str:
    return opened.app.api if opened.app else ""


def _send(letter: Letter, content: ForWebhook, opened: Opening, network: Network) -> None:
    url = content.wanted.url or opened.address
    if not url:
        raise Undelivered("The Secret has no address.", passes=False)
    headers = {}
    if opened.token:
        headers["Authorization"] = f"Bearer {opened.token}"
    elif opened.basic:
        headers["Authorization"] = opened.basic.authorization
    subject, told = letter.subject, content.notice
    if content.wanted.type is WebhookType.SLACK:
        body = slack(subject, told)
    else:
        headers["Content-Type"] = "application/cloudevents+json; charset=utf-8"
        body = cloud_event(subject, told)
    Caller(network, url, opened.access, headers).ask("POST", "", body)
