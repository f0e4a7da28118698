-- Inventory and revisions go with it.
DELETE FROM attune_gitops.claims WHERE pack_ref = %(pack_ref)s
