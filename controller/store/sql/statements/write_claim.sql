-- The fingerprint is given where the pack's row is left as somebody changed it.
INSERT INTO attune_gitops.claims AS c (pack_ref, owner_uid, owner_namespace, owner_name,
                                       owner_cluster, generation, sequence, revision, commit,
                                       tree_oid, inputs, blocked, pack_fingerprint, created_pack,
                                       rollback)
SELECT %(pack_ref)s, %(owner_uid)s, %(owner_namespace)s, %(owner_name)s, %(owner_cluster)s,
       %(generation)s, %(sequence)s, %(revision)s, %(commit)s, %(tree_oid)s, %(inputs)s, %(blocked)s,
       coalesce(%(fingerprint)s::text, {{pack_fingerprint}}), %(created_pack)s,
       %(rollback)s::jsonb
FROM (VALUES (%(pack)s::bigint)) AS w (id)
LEFT JOIN attune.pack p ON p.id = w.id
ON CONFLICT (pack_ref) DO UPDATE
SET claimed_at = CASE WHEN c.owner_uid = EXCLUDED.owner_uid
                           AND c.owner_namespace = EXCLUDED.owner_namespace
                           AND c.owner_name = EXCLUDED.owner_name
                      THEN coalesce(c.claimed_at, c.applied_at) ELSE EXCLUDED.claimed_at END,
    owner_uid = EXCLUDED.owner_uid, owner_namespace = EXCLUDED.owner_namespace,
    owner_name = EXCLUDED.owner_name, owner_cluster = EXCLUDED.owner_cluster, generation = EXCLUDED.generation,
    sequence = EXCLUDED.sequence, revision = EXCLUDED.revision, commit = EXCLUDED.commit,
    tree_oid = EXCLUDED.tree_oid, inputs = EXCLUDED.inputs, blocked = EXCLUDED.blocked,
    pack_fingerprint = EXCLUDED.pack_fingerprint, created_pack = EXCLUDED.created_pack,
    rollback = EXCLUDED.rollback, applied_at = EXCLUDED.applied_at
