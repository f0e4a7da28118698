SELECT pg_advisory_xact_lock(hashtextextended('attune_gitops.migrations', 0))
