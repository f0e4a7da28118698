SELECT to_regclass('attune_gitops.migrations') IS NOT NULL AS value
