"""What a delivery tells of: the repository's URLs and the references that moved. Pure.

Imports `delivery`. A payload is a hint where to look and nothing more: whatever is odd in it makes
it tell of less, never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson

from controller.hooks.delivery import Delivery, Provider

_MOST_REFS = 1000
_MOST_URLS = 16
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Push:
    """`urls` are those of one repository, `refs` full names; none: it does not say which."""

    urls: tuple[str, ...]
    refs: tuple[str, ...] = ()


def read(delivery: Delivery) -> Push | None:
    """The push that a delivery tells of; None for a ping and all other events."""
    teller = _TELLERS[delivery.provider]
    return teller(delivery.event, _parsed(delivery))


def _parsed(delivery: Delivery) -> Any:
    body = delivery.body
    if delivery.headers.get("content-type", "").casefold().startswith(_FORM):
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=16)
        body = fields.get("payload", [""])[0].encode()
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _dig(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _items(value: Any) -> list[Any]:
    return value[:_MOST_REFS] if isinstance(value, list) else []


def _push(urls: Iterable[Any], refs: Iterable[Any]) -> Push:
    named = [url for url in urls if isinstance(url, str) and url]
    moved = [ref for ref in refs if isinstance(ref, str) and ref.startswith("refs/")]
    return Push(tuple(named[:_MOST_URLS]), tuple(dict.fromkeys(moved)))


def _like_github(event: str, body: Any) -> Push | None:
    if event != "push":
        return None
    repository = _dig(body, "repository")
    names = ("clone_url", "ssh_url", "git_url", "html_url")
    return _push((_dig(repository, name) for name in names), [_dig(body, "ref")])


_GITLAB = frozenset({"push hook", "tag push hook"})
_GITLAB_SYSTEM = frozenset({"push", "tag_push", "repository_update"})


def _gitlab(event: str, body: Any) -> Push | None:
    is_system = event == "system hook" and _dig(body, "event_name") in _GITLAB_SYSTEM
    if event not in _GITLAB and not is_system:
        return None
    names = ("git_http_url", "git_ssh_url", "http_url", "ssh_url", "web_url")
    urls = [_dig(body, "project", name) for name in names]
    return _push(urls, [_dig(body, "ref"), *_items(_dig(body, "refs"))])


def _bitbucket_cloud(event: str, body: Any) -> Push | None:
    if event != "repo:push":
        return None
    sides = [
        _dig(change, side)
        for change in _items(_dig(body, "push", "changes"))
        for side in ("new", "old")
    ]
    kinds = {"branch": "refs/heads/", "tag": "refs/tags/"}
    refs = [
        f"{kinds[kind]}{_dig(side, 'name')}"
        for side in sides
        if isinstance(kind := _dig(side, "type"), str) and kind in kinds
    ]
    return _push([_dig(body, "repository", "links", "html", "href")], refs)


def _bitbucket(event: str, body: Any) -> Push | None:
    if event != "repo:refs_changed":
        return None
    clones = _items(_dig(body, "repository", "links", "clone"))
    refs = [_dig(change, "ref", "id") for change in _items(_dig(body, "changes"))]
    return _push((_dig(clone, "href") for clone in clones), refs)


def _azure(_event: str, body: Any) -> Push | None:
    if _dig(body, "eventType") != "git.push":
        return None
    resource = _dig(body, "resource")
    urls = [_dig(resource, "repository", name) for name in ("remoteUrl", "sshUrl", "url")]
    return _push(urls, (_dig(one, "name") for one in _items(_dig(resource, "refUpdates"))))


def _generic(_event: str, body: Any) -> Push:
    urls = [_dig(body, "url"), _dig(body, "repository"), _dig(body, "repository", "url")]
    return _push(urls, [_dig(body, "ref"), *_items(_dig(body, "refs"))])


_TELLERS: dict[Provider, Callable[[str, Any], Push | None]] = {
    Provider.FORGEJO: _like_github,
    Provider.GITEA: _like_github,
    Provider.GOGS: _like_github,
    Provider.GITHUB: _like_github,
    Provider.GITLAB: _gitlab,
    Provider.BITBUCKET_CLOUD: _bitbucket_cloud,
    Provider.BITBUCKET: _bitbucket,
    Provider.AZURE_DEVOPS: _azure,
    Provider.GENERIC: _generic,
}
