-- Only if it is still the one that was seen: another's word counts more.
UPDATE attune_gitops.claims
SET rollback = %(after)s::jsonb
WHERE pack_ref = %(pack_ref)s AND owner_uid = %(owner_uid)s AND rollback = %(before)s::jsonb
