SELECT pg_try_advisory_xact_lock({{pack_lock}}) AS value
