"""Why something did not arrive. Imports nothing of ours."""

from __future__ import annotations


class Undelivered(Exception):
    """Not a `PackError`, because nothing of the Pack has failed.

    `passes` tells that another try may do better; `retry_after` is in how many seconds the other
    side wants it, None where it did not say. No secret is in the message.
    """

    def __init__(self, message: str, *, passes: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.passes = passes
        self.retry_after = retry_after
