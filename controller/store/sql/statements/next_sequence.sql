SELECT nextval('attune_gitops.sync_sequence') AS value
