SELECT i.digest AS value
FROM attune_gitops.inventory i
WHERE i.pack_ref = %(pack_ref)s
  AND NOT EXISTS (SELECT FROM attune_gitops.bodies b
                  WHERE b.pack_ref = i.pack_ref AND b.digest = i.digest)
