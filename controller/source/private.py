"""A file that no disk ever sees, for another program to read. Knows nothing of Git.

It is a memfd(2) of this process, at the path that Linux gives an open descriptor: only programs of
the same user can open it there, and it is gone with this process however that ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def private_file(content: str) -> Iterator[str]:
    """The path of a file of mode 0600 with `content`, as long as the context lasts."""
    descriptor = os.memfd_create("private")
    try:
        os.fchmod(descriptor, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", closefd=False) as file:
            file.write(content)
        yield f"/proc/{os.getpid()}/fd/{descriptor}"
    finally:
        os.close(descriptor)
