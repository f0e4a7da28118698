-- The inventory goes with it, the past stays.
DELETE FROM attune_gitops.claims WHERE pack_ref = %(pack_ref)s
