"""How the answers of the Git server go wrong. Imports the standard library."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from enum import Enum

_DRIP = 0.05  # seconds between two bytes


class Fault(Enum):
    """How an answer goes wrong. Those that hang do so until `release`."""

    HANG = "no answer"
    HANG_IN_HEADERS = "half of the headers, then nothing"
    HANG_IN_BODY = "half of the body, then nothing"
    DRIP = "a byte now and then"
    CUT = "half of the body, then the end of the connection"
    GARBAGE = "noise in place of HTTP"
    THROTTLE = "429, come back later"


def pieces(head: bytes, body: bytes, fault: Fault, released: threading.Event) -> Iterator[bytes]:
    """An answer until it goes wrong, and its rest after the release."""
    whole = head + body
    if fault is Fault.DRIP:
        for number in range(len(whole)):
            yield whole[number : number + 1]
            if released.wait(_DRIP):
                yield whole[number + 1 :]
                return
    half = len(head) // 2 if fault is Fault.HANG_IN_HEADERS else len(head) + len(body) // 2
    yield whole[:half]
    if fault is not Fault.CUT:
        released.wait()
        yield whole[half:]
