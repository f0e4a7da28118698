INSERT INTO attune_gitops.inventory (ref, pack_ref, version, digest, file, blob, fingerprint,
                                     definition_xmin, action_xmin)
SELECT w.ref, %(pack_ref)s, d.version, w.digest, w.file, w.blob, {{row_fingerprint}}, d.xmin, a.xmin
FROM unnest(%(refs)b::text[], %(digests)b::text[], %(files)b::text[], %(blobs)b::text[])
     AS w (ref, digest, file, blob)
JOIN attune.workflow_definition d ON d.ref = w.ref AND d.pack = %(pack)s
JOIN attune.action a ON a.ref = w.ref AND a.workflow_def = d.id
ON CONFLICT (ref) DO UPDATE
SET pack_ref = EXCLUDED.pack_ref, version = EXCLUDED.version, digest = EXCLUDED.digest,
    file = EXCLUDED.file, blob = EXCLUDED.blob, fingerprint = EXCLUDED.fingerprint,
    definition_xmin = EXCLUDED.definition_xmin, action_xmin = EXCLUDED.action_xmin
