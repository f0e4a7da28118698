-- `drift` stands for the state of all rows that are not as we left them.
SELECT c.pack_ref, c.generation, c.revision, c.commit, c.tree_oid, c.inputs, c.blocked,
       c.applied_at,
       CASE WHEN %(look)s::boolean
                 AND (%(tree_oid)s::text = '' OR c.tree_oid = %(tree_oid)s::text)
            THEN coalesce((
                SELECT md5(string_agg(state, ' ' ORDER BY state COLLATE "C"))
                FROM (SELECT c.pack_ref || ' ' || coalesce(min({{pack_fingerprint}}), '') AS state
                      FROM attune.pack p
                      WHERE p.ref = c.pack_ref
                      HAVING coalesce(min({{pack_fingerprint}}), '') <> c.pack_fingerprint
                      UNION ALL
                      SELECT i.ref || ' ' || {{row_fingerprint}}
                      FROM attune_gitops.inventory i
                      LEFT JOIN attune.workflow_definition d ON d.ref = i.ref
                      LEFT JOIN attune.action a ON a.ref = i.ref
                      WHERE i.pack_ref = c.pack_ref AND NOT {{row_intact}}) AS states), '')
       END AS drift,
       coalesce(own.dependencies, '{}') AS dependencies,
       (SELECT coalesce(jsonb_object_agg(p.ref, p.version), '{}')
        FROM unnest(own.dependencies) AS need
        JOIN attune.pack p ON p.ref = {{needed_ref}}) AS versions
FROM attune_gitops.claims c
LEFT JOIN attune.pack own ON own.ref = c.pack_ref
WHERE c.owner_uid = %(owner_uid)s AND (c.owner_uid <> '' OR c.pack_ref = %(pack_ref)s)
