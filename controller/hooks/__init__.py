"""Push webhooks: who sent a delivery, whether it is signed, and which repository it tells of.

Pure: a request's headers and bytes → values. Imports `pack.spec` alone.
"""

from controller.hooks.delivery import Delivery, Provider
from controller.hooks.following import follows
from controller.hooks.places import place
from controller.hooks.reading import Push, read
from controller.hooks.signatures import is_authentic

__all__ = ["Delivery", "Provider", "Push", "follows", "is_authentic", "place", "read"]
