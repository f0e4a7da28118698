"""Which packs of a list are meant, and which part of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Query

from controller.web.api.seen import Seen
from controller.web.api.shapes import Pagination, Ready

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed down by; each must hold."""

    namespace: Annotated[str, Query(max_length=253, description="Namespace of the resource.")] = ""
    q: Annotated[
        str, Query(max_length=256, description="Text in its ref, label, name, URL or message.")
    ] = ""
    ready: Annotated[Ready | None, Query(description="The condition Ready.")] = None
    reason: Annotated[str, Query(max_length=64, description="The reason of Ready.")] = ""

    def fits(self, one: Seen) -> bool:
        """Whether a pack is meant."""
        told = one.told
        return (
            self.namespace in ("", told.namespace)
            and self.ready in (None, told.ready)
            and self.reason in ("", told.reason)
            and self._has_text(one)
        )

    def _has_text(self, one: Seen) -> bool:
        told = one.told
        texts = told.ref, told.label, told.name or "", told.url, told.message
        return not self.q or any(self.q.lower() in text.lower() for text in texts)


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is wanted."""

    page: Annotated[int, Query(ge=1, le=1_000_000, description="From 1.")] = 1
    page_size: Annotated[int, Query(ge=1, le=1000, description="Items of a page.")] = 50

    def of(self, items: Sequence[Item]) -> tuple[Sequence[Item], Pagination]:
        """The items of the page, and where that is."""
        begin = (self.page - 1) * self.page_size
        pages = -(-len(items) // self.page_size)
        where = Pagination(
            page=self.page, page_size=self.page_size, total_items=len(items), total_pages=pages
        )
        return items[begin : begin + self.page_size], where
