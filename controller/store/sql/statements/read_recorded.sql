SELECT c.pack_ref, c.generation, c.revision, c.commit, c.tree_oid, c.inputs, c.blocked,
       c.applied_at,
       (%(tree_oid)s::text = '' OR c.tree_oid = %(tree_oid)s::text)
       AND EXISTS (SELECT FROM attune.pack p
                   WHERE p.ref = c.pack_ref AND {{pack_fingerprint}} = c.pack_fingerprint)
       AND NOT EXISTS (
           SELECT FROM attune_gitops.inventory i
           LEFT JOIN attune.workflow_definition d ON d.ref = i.ref
           LEFT JOIN attune.action a ON a.ref = i.ref
           WHERE i.pack_ref = c.pack_ref AND NOT {{row_intact}}
       ) AS intact
FROM attune_gitops.claims c
WHERE c.owner_uid = %(owner_uid)s AND (c.owner_uid <> '' OR c.pack_ref = %(pack_ref)s)
