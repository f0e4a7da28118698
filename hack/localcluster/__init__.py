"""A real API server, etcd and PostgreSQL on this machine, for demo, tests and benchmarks alike."""

from controller.store.embedded import StopMode
from hack.localcluster.cluster import ControlPlane
from hack.localcluster.postgres import Postgres

__all__ = ["ControlPlane", "Postgres", "StopMode"]
