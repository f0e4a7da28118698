BEGIN;
SELECT pack_ref, owner_uid, owner_namespace, owner_name, generation, sequence, revision, commit,
       tree_oid, inputs, blocked, pack_fingerprint, created_pack
FROM attune_gitops.claims
WHERE pack_ref = '' OR (owner_uid = 'uid-a' AND owner_uid <> '');
-- A statement of its own: what follows must take its snapshot after the wait.
SELECT pg_advisory_xact_lock(hashtextextended('attune_gitops:' || 'demo', 0));
SELECT pack_ref, owner_uid, owner_namespace, owner_name, generation, sequence, revision, commit,
       tree_oid, inputs, blocked, pack_fingerprint, created_pack
FROM attune_gitops.claims
WHERE pack_ref = 'demo' OR (owner_uid = 'uid-a' AND owner_uid <> '');
SELECT ref, version, digest, file, blob
FROM attune_gitops.inventory
WHERE pack_ref = 'demo'
ORDER BY ref;
SELECT id AS value FROM attune.pack WHERE ref = 'demo';
-- Attune's run history, where this database has it.
SELECT EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = to_regclass('attune.workflow_execution') AND attname = 'status'
      AND NOT attisdropped
) AS value;
-- Companion actions go with their definitions (ON DELETE CASCADE).
WITH forgotten AS (
    DELETE FROM attune_gitops.inventory
    WHERE pack_ref = 'demo' AND ref = ANY('{demo.a,demo.d}'::text[])
    RETURNING ref
)
DELETE FROM attune.workflow_definition d
USING forgotten f
WHERE d.ref = f.ref AND d.pack = 1;
-- Inventory and revisions go with it.
DELETE FROM attune_gitops.claims WHERE pack_ref = 'demo';
-- Every table whose rows may refer to a pack, whatever this release of Attune has.
SELECT n.nspname AS schema, c.relname AS table, a.attname AS column,
       has_table_privilege(c.oid, 'SELECT') AS readable
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
WHERE k.contype = 'f' AND k.confrelid = 'attune.pack'::regclass AND k.conparentid = 0
ORDER BY 1, 2, 3;
DELETE FROM attune.pack WHERE id = 1;
COMMIT;

