"""All repositories of this controller with their mirrors: which one belongs to whom, and how much
they may take.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from weakref import WeakValueDictionary

from controller.source.access import Access
from controller.source.eviction import Budget
from controller.source.hosts import Hosts
from controller.source.mirror import Mirror
from controller.source.network.policy import OPEN_NETWORK, NetworkPolicy
from controller.source.remote import Remote
from controller.source.repository import Repository
from controller.source.shelf import Shelf, Taken
from controller.source.traffic import NOBODY, Audience
from controller.source.urls import RemoteUrl, Scheme

_USUAL = Budget()


class Mirrors:
    """The mirrors below the folder `root`, one for each (URL, access).

    Nobody reads through a mirror what another's login fetched: who shares it holds the same one.
    `allowed` are the schemes taken beside https; files above `max_file_size` bytes are never
    fetched, and nothing is connected to that `network` refuses. When the mirrors take more than
    `budget`, some go (`eviction`). `audience` hears of what is asked, and of what goes.
    """

    def __init__(
        self,
        root: Path,
        allowed: frozenset[Scheme] = frozenset(),
        *,
        max_file_size: int = 1024 * 1024,
        budget: Budget = _USUAL,
        network: NetworkPolicy = OPEN_NETWORK,
        audience: Audience = NOBODY,
    ) -> None:
        self.allowed = allowed
        self.max_file_size = max_file_size
        self.network = network
        self.hosts = Hosts()
        self._audience = audience
        self._shelf = Shelf(root.absolute(), budget, self._tenants_of, audience.evicted)
        # A mirror that no source has any more is used by nobody, and is the first to go.
        self._known: WeakValueDictionary[str, Mirror] = WeakValueDictionary()
        self._repositories: WeakValueDictionary[Path, Repository] = WeakValueDictionary()
        self._guard = threading.Lock()

    def of(self, url: RemoteUrl, access: Access, tenant: str = "") -> Mirror:
        """The mirror for these two, the same object for the same two, used by `tenant`, too."""
        key = f"{url}\0{access.identity}"
        name = hashlib.sha256(key.encode()).hexdigest()[:40]
        with self._guard:
            mirror = self._known.get(name)
            if mirror is None:
                mirror = self._known[name] = Mirror(self._shelf.path_of(name), self._shelf)
            mirror.tenants |= {tenant}
            return mirror

    def repository(self, url: RemoteUrl, access: Access, tenant: str = "") -> Repository:
        """The repository with its mirror, as `of` has it; the same object as long as it is held."""
        mirror = self.of(url, access, tenant)
        with self._guard:
            known = self._repositories.get(mirror.path)
            if known is None:
                remote = Remote(url, access, self.max_file_size, self.network)
                known = Repository(remote, mirror, self.hosts, self._audience)
                self._repositories[mirror.path] = known
            return known

    def taken(self) -> Taken:
        """What they take on disk, as far as it has been measured; quick."""
        return self._shelf.taken()

    def _tenants_of(self, name: str) -> frozenset[str]:
        with self._guard:
            mirror = self._known.get(name)
            return mirror.tenants if mirror else frozenset()
