"""The hosts of repositories, each as it shows the state of a commit.

Each module has one function that reads what the host shows and writes what it should show if that
is something else. A host that is asked twice shows the same as when asked once.
"""

from controller.notify.hosts.entry import Entry
from controller.notify.hosts.every import show

__all__ = ["Entry", "show"]
