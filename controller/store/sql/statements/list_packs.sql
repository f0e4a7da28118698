SELECT DISTINCT pack_ref AS value FROM attune_gitops.revisions ORDER BY 1
