-- A statement of its own: what follows must take its snapshot after the wait.
SELECT pg_advisory_xact_lock({{pack_lock}})
