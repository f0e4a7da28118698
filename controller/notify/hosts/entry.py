"""What a host is to show beside a commit. Pure; imports `news` and `subject`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from controller.notify.addresses import Api
from controller.notify.news import Result
from controller.notify.subject import Subject


@dataclass(frozen=True, slots=True)
class Entry:
    """A result, about whom it is, and where the repository is; `folder` is the pack's in it."""

    subject: Subject
    result: Result
    api: Api
    folder: str = ""

    @property
    def context(self) -> str:
        """The name of the status."""
        return self.subject.context

    @property
    def link(self) -> str:
        """Where people read more: the controller's page, or else the repository's."""
        return self.subject.page or self.api.web

    def file(self, path: str) -> str:
        """A path of the pack, as one of the repository."""
        return f"{self.folder.strip('/')}/{path}".removeprefix("/")


def items(value: Any) -> list[dict[str, Any]]:
    """The objects of a JSON list; none for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def says(shown: dict[str, Any], **wanted: Any) -> bool:
    """Whether a host shows all of this already."""
    return all((shown.get(name) or "") == (value or "") for name, value in wanted.items())
