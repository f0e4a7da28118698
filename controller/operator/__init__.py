"""Kubernetes: watch, work queue, worker, Lease, events.

The only room that speaks to the API server. May import every room but `cli` and `app`.
"""
