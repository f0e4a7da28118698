hashtextextended('attune_gitops:' || %(pack_ref)s, 0)
