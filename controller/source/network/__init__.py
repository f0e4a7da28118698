"""Which hosts and addresses this controller may connect to, and the names of hosts as addresses.

Whoever may create a Pack chooses a host that the controller connects to from inside the cluster. So
every name is resolved here, once; every address that it leads to must be allowed; and the
connection is made to just those addresses, whatever the name leads to a moment later.
"""

from controller.source.network.policy import OPEN_NETWORK, NetworkPolicy, network_policy
from controller.source.network.resolving import resolve
from controller.source.network.route import Place, Route, route

__all__ = [
    "OPEN_NETWORK",
    "NetworkPolicy",
    "Place",
    "Route",
    "network_policy",
    "resolve",
    "route",
]
