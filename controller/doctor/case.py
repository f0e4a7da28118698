"""What is examined, and what is known of it so far. Imports the values of `source`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from controller.source.access import OPEN, Access
from controller.source.commands import OverdueError
from controller.source.failures import FailedError, Failure
from controller.source.mirrors import Mirrors
from controller.source.remote import Remote
from controller.source.signatures.policy import Policy
from controller.source.target import GitReference


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens a repository, whose signatures it must have, and where both came from."""

    access: Access = OPEN
    policy: Policy | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A repository, a reference and a folder in it, as a Pack or the command line names them.

    `keys` gives what opens it, or raises `PackError`. `mirrors` has the limits that the operator
    set, and room in `cache`, an empty folder. `timeout` is how long one step may take, in seconds.
    """

    url: str
    reference: GitReference
    path: str
    keys: Callable[[], Keys]
    mirrors: Mirrors
    cache: Path
    timeout: float

    @property
    def deadline(self) -> float:
        """When a step that begins now must be done, in `time.monotonic` seconds."""
        return time.monotonic() + self.timeout


@contextmanager
def told(remote: Remote) -> Iterator[None]:
    """What goes wrong on the way to `remote`, as its error."""
    try:
        yield
    except FailedError as failed:
        raise remote.told(failed) from None
    except OverdueError:
        raise remote.told(FailedError(Failure.TIMED_OUT)) from None
