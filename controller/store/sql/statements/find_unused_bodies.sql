-- What neither the pack's inventory nor one of its revisions names, as long as its revisions are what
-- they are now. Nobody waits for this: no lock is held.
SELECT coalesce({{revisions_state}}, '') AS state,
       ARRAY(SELECT digest FROM attune_gitops.bodies WHERE pack_ref = %(pack_ref)s
             EXCEPT SELECT digest FROM attune_gitops.inventory WHERE pack_ref = %(pack_ref)s
             EXCEPT SELECT unnest(digests) FROM attune_gitops.revisions
                    WHERE pack_ref = %(pack_ref)s
             LIMIT %(limit)s) AS digests
