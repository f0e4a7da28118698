"""The path of a Pack's own webhook. Pure; imports `pack.identity`."""

from __future__ import annotations

import hashlib

from controller.pack.identity import PackKey

PREFIX = "/hooks/"


def hook_path(token: str, key: PackKey) -> str:
    """Where deliveries for one Pack go: nobody who does not know the token can guess it. The last
    part is what Flux' receivers have (notification-controller, `Receiver.GetWebhookPath`)."""
    secret = token + key.name + key.namespace
    return PREFIX + hashlib.sha256(secret.encode()).hexdigest()
