"""How a command that runs until it is told to stop is told so."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def until_interrupted() -> Iterator[None]:
    """Ctrl-C, SIGTERM and SIGHUP end what is within in order, and are no failure."""
    # One that is ignored stays so, as nohup(1) wants it.
    heard = [one for one in _SIGNALS if signal.getsignal(one) is signal.SIG_DFL]
    for one in heard:
        signal.signal(one, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        for one in heard:
            signal.signal(one, signal.SIG_DFL)
