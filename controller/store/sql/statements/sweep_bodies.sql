-- Every sync that may have come to need one of them has written a revision.
DELETE FROM attune_gitops.bodies
WHERE pack_ref = %(pack_ref)s AND digest = ANY(%(digests)s)
  AND coalesce({{revisions_state}}, '') = %(state)s
