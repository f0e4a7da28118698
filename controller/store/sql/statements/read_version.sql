SELECT coalesce(max(version), 0) AS value FROM attune_gitops.migrations
