"""Attune Pack Controller: Git as the source of truth for Attune packs."""

__version__ = "0.1.0"
