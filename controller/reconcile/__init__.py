"""The steps of a reconcile as one readable list, without Kubernetes.

May import every room but `operator`, `cli` and `app`.
"""
