"""Which cluster this is, for a database that several of them share. Imports `cluster`."""

from __future__ import annotations

import structlog

from controller.operator.cluster import Cluster
from controller.operator.request import ApiRefused

_log = structlog.get_logger(__name__)


class ClusterName:
    """The name that the operator gave the cluster, or else the uid of its oldest namespace.

    Safe to use from many threads: all of them learn the same.
    """

    def __init__(self, cluster: Cluster, given: str) -> None:
        self._cluster = cluster
        self._known: str | None = given or None

    def get(self) -> str:
        """The name, asked for once; empty where it must not be read. Raises `ClusterError`."""
        if self._known is None:
            self._known = self._read()
        return self._known

    def _read(self) -> str:
        try:
            return self._cluster.uid() or ""
        except ApiRefused as error:
            _log.warning("this cluster has no name: set PACKCTL_CLUSTER", error=str(error))
            return ""
