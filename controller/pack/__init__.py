"""The vocabulary of the house: the Pack resource and the values that pass between the rooms.

May import `errors`, `redact` and pydantic; no I/O, no clock, no Kubernetes.
"""
