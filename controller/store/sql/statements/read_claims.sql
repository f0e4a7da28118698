-- With the newest revision of each pack, and what failed in the asking owner's last attempt.
SELECT c.pack_ref, c.owner_uid, c.owner_namespace, c.owner_name, c.owner_cluster,
       coalesce(c.claimed_at, c.applied_at) AS claimed_at, c.generation, c.sequence, c.revision,
       c.commit, c.tree_oid, c.inputs, c.blocked, c.pack_fingerprint, c.created_pack,
       c.rollback, r.number, coalesce(r.is_complete, false) AS is_complete,
       coalesce((SELECT a.fingerprint
                 FROM attune_gitops.attempts a
                 WHERE a.owner_uid = %(owner_uid)s
                   AND (a.owner_uid <> '' OR a.pack_ref = %(pack_ref)s)
                 ORDER BY a.id DESC
                 LIMIT 1), '') AS failing
FROM attune_gitops.claims c
LEFT JOIN LATERAL (SELECT number, refs IS NOT NULL AS is_complete
                   FROM attune_gitops.revisions
                   WHERE pack_ref = c.pack_ref
                   ORDER BY number DESC
                   LIMIT 1) r ON true
WHERE c.pack_ref = %(pack_ref)s OR (c.owner_uid = %(owner_uid)s AND c.owner_uid <> '')
