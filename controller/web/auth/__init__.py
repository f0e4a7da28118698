"""Who asks, and what they may see and do. May import `pack` and `errors`."""

from controller.web.auth.caller import Caller, Target, Verb
from controller.web.auth.cluster import ClusterUsers
from controller.web.auth.gate import Gate, Given, Known, Who
from controller.web.auth.tokens import TokenFile

__all__ = ["Caller", "ClusterUsers", "Gate", "Given", "Known", "Target", "TokenFile", "Verb", "Who"]
