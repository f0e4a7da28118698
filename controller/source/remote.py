"""A repository, with what opens it. Pure; imports this room's values."""

from __future__ import annotations

from dataclasses import dataclass

from controller.errors import PackError
from controller.source import faults
from controller.source.access import Access
from controller.source.failures import FailedError
from controller.source.network.policy import OPEN_NETWORK, NetworkPolicy
from controller.source.urls import RemoteUrl


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository with what opens it. Files above `max_file_size` bytes are never fetched, and
    nothing is connected to that `network` refuses."""

    url: RemoteUrl
    access: Access
    max_file_size: int
    network: NetworkPolicy = OPEN_NETWORK

    def explain(self, errors: str) -> PackError | None:
        """The error for git's standard error; None when its words are not known."""
        return faults.explain(errors, self.url, self.access)

    def told(self, failed: FailedError) -> PackError:
        """The error for a failure that we met ourselves."""
        return failed.told(self.url, self.access)

    def unknown(self, errors: str) -> PackError:
        """The error for words of git that are not known."""
        return faults.unknown(errors, self.url, self.access)
