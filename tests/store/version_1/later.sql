BEGIN;
SELECT nextval('attune_gitops.sync_sequence') AS value;
COMMIT;

BEGIN;
-- A statement of its own: what follows must take its snapshot after the wait.
SELECT pg_advisory_xact_lock(hashtextextended('attune_gitops:' || 'demo', 0));
SELECT pack_ref, owner_uid, owner_namespace, owner_name, generation, sequence, revision, commit,
       tree_oid, inputs, blocked, pack_fingerprint, created_pack
FROM attune_gitops.claims
WHERE pack_ref = 'demo' OR (owner_uid = 'uid-a' AND owner_uid <> '');
-- The pack's row, and whether it says what the manifest says. `config` is the operator's.
SELECT p.id, md5((p.label, p.description, p.version, p.conf_schema, p.meta, p.tags, p.runtime_deps,
         p.dependencies, p.source_type, p.source_url, p.source_ref)::text) AS fingerprint,
       (p.label, p.description, p.version, p.conf_schema, p.meta, p.tags, p.runtime_deps,
        p.dependencies, p.source_type, p.source_url, p.source_ref)
       IS NOT DISTINCT FROM
       ('Demo', 'A pack'::text, '1.0.0', '{"type": "object"}'::jsonb, '{"team": "a"}'::jsonb,
        '{example}'::text[], '{python}'::text[], '{core}'::text[],
        'git'::text, 'https://git.example.com/acme/packs.git'::text, 'main'::text) AS current
FROM attune.pack p
WHERE p.ref = 'demo';
-- Every row the plan must know: what is desired, and what we wrote before.
SELECT coalesce(w.ref, i.ref) AS ref, i.ref IS NOT NULL AS known, i.version, i.digest, i.file,
       i.blob, d.pack_ref AS holder,
       coalesce(d.pack = 1::bigint, false) AS ours,
       a.id IS NOT NULL AND NOT coalesce(a.workflow_def = d.id, false)
       AND NOT coalesce(a.pack = 1::bigint AND (a.workflow_def IS NULL AND a.entrypoint ~ '^workflows/.+\.workflow\.yaml$'), false) AS foreign_action,
       coalesce((d.xmin = i.definition_xmin AND a.xmin = i.action_xmin)
             OR md5((d.pack, d.pack_ref, d.label, d.description, d.version, d.param_schema, d.out_schema,
         d.definition, d.tags,
         a.pack, a.pack_ref, a.label, a.description, a.entrypoint, a.param_schema, a.out_schema,
         a.workflow_def)::text) = i.fingerprint, false) AS intact
FROM unnest('{demo.a,demo.d}'::text[]) AS w (ref)
FULL JOIN (SELECT * FROM attune_gitops.inventory WHERE pack_ref = 'demo') i ON i.ref = w.ref
LEFT JOIN attune.workflow_definition d ON d.ref = coalesce(w.ref, i.ref)
LEFT JOIN attune.action a ON a.ref = coalesce(w.ref, i.ref);
-- Attune's run history, where this database has it.
SELECT EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = to_regclass('attune.workflow_execution') AND attname = 'status'
      AND NOT attisdropped
) AS value;
INSERT INTO attune_gitops.claims (pack_ref, owner_uid, owner_namespace, owner_name, generation,
                                  sequence, revision, commit, tree_oid, inputs, blocked,
                                  pack_fingerprint, created_pack)
SELECT p.ref, 'uid-a', 'team-a', 'payments', 1, 3,
       'main@sha1:c3', 'c3', 'tree of c3', 'inputs', 0, md5((p.label, p.description, p.version, p.conf_schema, p.meta, p.tags, p.runtime_deps,
         p.dependencies, p.source_type, p.source_url, p.source_ref)::text),
       1
FROM attune.pack p
WHERE p.id = 1
ON CONFLICT (pack_ref) DO UPDATE
SET owner_uid = EXCLUDED.owner_uid, owner_namespace = EXCLUDED.owner_namespace,
    owner_name = EXCLUDED.owner_name, generation = EXCLUDED.generation,
    sequence = EXCLUDED.sequence, revision = EXCLUDED.revision, commit = EXCLUDED.commit,
    tree_oid = EXCLUDED.tree_oid, inputs = EXCLUDED.inputs, blocked = EXCLUDED.blocked,
    pack_fingerprint = EXCLUDED.pack_fingerprint, created_pack = EXCLUDED.created_pack,
    applied_at = EXCLUDED.applied_at;
INSERT INTO attune.workflow_definition AS d (ref, pack, pack_ref, label, description, version,
                                             param_schema, out_schema, definition, tags)
SELECT w.ref, 1, 'demo', w.label, w.description, w.version, w.param_schema,
       w.out_schema, w.definition, w.tags
FROM unnest( E'{"{\\"definition\\":{\\"ref\\":\\"demo.a\\",\\"t\\":\\"newer\\",\\"tasks\\":[{\\"name\\":\\"greet\\"}]},\\"description\\":\\"About a\\",\\"entrypoint\\":\\"workflows/a.workflow.yaml\\",\\"label\\":\\"A\\",\\"out_schema\\":null,\\"param_schema\\":{\\"type\\":\\"object\\"},\\"ref\\":\\"demo.a\\",\\"tags\\":[\\"example\\"],\\"version\\":\\"1.0.0\\"}","{\\"definition\\":{\\"ref\\":\\"demo.d\\",\\"t\\":\\"\\",\\"tasks\\":[{\\"name\\":\\"greet\\"}]},\\"description\\":\\"About d\\",\\"entrypoint\\":\\"workflows/d.workflow.yaml\\",\\"label\\":\\"D\\",\\"out_schema\\":null,\\"param_schema\\":{\\"type\\":\\"object\\"},\\"ref\\":\\"demo.d\\",\\"tags\\":[\\"example\\"],\\"version\\":\\"1.0.0\\"}"}'::text[]) AS document,
     jsonb_to_record(document::jsonb) AS w (ref text, label text, description text, version text,
                                            param_schema jsonb, out_schema jsonb,
                                            definition jsonb, tags text[])
ORDER BY w.ref
ON CONFLICT (ref) DO UPDATE
SET pack_ref = EXCLUDED.pack_ref, label = EXCLUDED.label, description = EXCLUDED.description,
    version = EXCLUDED.version, param_schema = EXCLUDED.param_schema,
    out_schema = EXCLUDED.out_schema, definition = EXCLUDED.definition, tags = EXCLUDED.tags
WHERE d.pack = EXCLUDED.pack
  AND (d.pack_ref, d.label, d.description, d.version, d.param_schema, d.out_schema, d.definition,
       d.tags)
      IS DISTINCT FROM
      (EXCLUDED.pack_ref, EXCLUDED.label, EXCLUDED.description, EXCLUDED.version,
       EXCLUDED.param_schema, EXCLUDED.out_schema, EXCLUDED.definition, EXCLUDED.tags);
-- The companion repeats its definition; all other columns keep Attune's defaults, or what an
-- operator set. Attune's registrar inserts the action before it links it: one that it left half
-- made is completed.
INSERT INTO attune.action AS a (ref, pack, pack_ref, label, description, entrypoint, param_schema,
                                out_schema, workflow_def)
SELECT d.ref, d.pack, d.pack_ref, d.label, d.description, w.entrypoint, d.param_schema,
       d.out_schema, d.id
FROM unnest('{demo.a,demo.d}'::text[], '{workflows/a.workflow.yaml,workflows/d.workflow.yaml}'::text[]) AS w (ref, entrypoint)
JOIN attune.workflow_definition d ON d.ref = w.ref AND d.pack = 1
ORDER BY d.ref
ON CONFLICT (ref) DO UPDATE
SET pack = EXCLUDED.pack, pack_ref = EXCLUDED.pack_ref, label = EXCLUDED.label,
    description = EXCLUDED.description, entrypoint = EXCLUDED.entrypoint,
    param_schema = EXCLUDED.param_schema, out_schema = EXCLUDED.out_schema,
    workflow_def = EXCLUDED.workflow_def
WHERE (a.workflow_def = EXCLUDED.workflow_def OR (a.pack = EXCLUDED.pack AND (a.workflow_def IS NULL AND a.entrypoint ~ '^workflows/.+\.workflow\.yaml$')))
  AND (a.pack, a.pack_ref, a.label, a.description, a.entrypoint, a.param_schema, a.out_schema,
       a.workflow_def)
      IS DISTINCT FROM
      (EXCLUDED.pack, EXCLUDED.pack_ref, EXCLUDED.label, EXCLUDED.description,
       EXCLUDED.entrypoint, EXCLUDED.param_schema, EXCLUDED.out_schema, EXCLUDED.workflow_def);
INSERT INTO attune_gitops.inventory (ref, pack_ref, version, digest, file, blob, fingerprint,
                                     definition_xmin, action_xmin)
SELECT w.ref, 'demo', d.version, w.digest, w.file, w.blob, md5((d.pack, d.pack_ref, d.label, d.description, d.version, d.param_schema, d.out_schema,
         d.definition, d.tags,
         a.pack, a.pack_ref, a.label, a.description, a.entrypoint, a.param_schema, a.out_schema,
         a.workflow_def)::text), d.xmin, a.xmin
FROM unnest('{demo.a,demo.d}'::text[], '{6fcd8f5d22dbb79afc93e8710857d4524c43926b0ff4ee2a1c3265e39ad46abe,1cfb664467ca6d73a7300c85a7dabe4caccf94fe15b59db36c6a672067659a23}'::text[], '{workflows/a.yaml,workflows/d.yaml}'::text[], '{78f138fa40c9d0c937b420f0e269e82cb2fa56d7,2bd216404bbb473f65e99978d6d419f11016d376}'::text[])
     AS w (ref, digest, file, blob)
JOIN attune.workflow_definition d ON d.ref = w.ref AND d.pack = 1
JOIN attune.action a ON a.ref = w.ref AND a.workflow_def = d.id
ON CONFLICT (ref) DO UPDATE
SET pack_ref = EXCLUDED.pack_ref, version = EXCLUDED.version, digest = EXCLUDED.digest,
    file = EXCLUDED.file, blob = EXCLUDED.blob, fingerprint = EXCLUDED.fingerprint,
    definition_xmin = EXCLUDED.definition_xmin, action_xmin = EXCLUDED.action_xmin;
-- Companion actions go with their definitions (ON DELETE CASCADE).
WITH forgotten AS (
    DELETE FROM attune_gitops.inventory
    WHERE pack_ref = 'demo' AND ref = ANY('{demo.c}'::text[])
    RETURNING ref
)
DELETE FROM attune.workflow_definition d
USING forgotten f
WHERE d.ref = f.ref AND d.pack = 1;
INSERT INTO attune_gitops.revisions (pack_ref, number, revision, commit, created, updated,
                                     unchanged, pruned)
SELECT 'demo', coalesce(max(number), 0) + 1, 'main@sha1:c3', 'c3', 1,
       1, 0, 1
FROM attune_gitops.revisions
WHERE pack_ref = 'demo';
COMMIT;

