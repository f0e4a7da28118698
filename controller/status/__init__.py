"""What happened in, the resource's status and its events out. Pure: equal means no write.

May import `pack`, `errors` and `redact`.
"""
