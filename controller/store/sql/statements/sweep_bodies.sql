-- What neither the pack's inventory nor one of its revisions names.
DELETE FROM attune_gitops.bodies b
USING (SELECT digest FROM attune_gitops.bodies WHERE pack_ref = %(pack_ref)s
       EXCEPT SELECT digest FROM attune_gitops.inventory WHERE pack_ref = %(pack_ref)s
       EXCEPT SELECT unnest(digests) FROM attune_gitops.revisions WHERE pack_ref = %(pack_ref)s
       LIMIT %(batch)s) AS unused
WHERE b.pack_ref = %(pack_ref)s AND b.digest = unused.digest
