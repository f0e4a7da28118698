"""The steps of a reconcile as one readable list, without Kubernetes.

May import every room but `operator`, `cli` and `app`.
"""

from controller.reconcile.asked import Asked, Asker, Settled, Unopened, asked_source
from controller.reconcile.reconciler import Inspected, Reconciler, check, difference
from controller.reconcile.restoring import to_return
from controller.reconcile.run import STEPS

__all__ = [
    "STEPS",
    "Asked",
    "Asker",
    "Inspected",
    "Reconciler",
    "Settled",
    "Unopened",
    "asked_source",
    "check",
    "difference",
    "to_return",
]
