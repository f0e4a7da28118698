BEGIN;
SELECT pg_advisory_xact_lock(hashtextextended('attune_gitops.migrations', 0));
-- Read from the catalog, not information_schema, which hides what the role has no grant on.
SELECT c.relname AS table, array_agg(a.attname::text) AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'attune'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relname = ANY('{pack,workflow_definition,action}'::text[]) AND c.relkind IN ('r', 'p')
GROUP BY c.relname;
SELECT to_regnamespace('attune') IS NOT NULL AS value;
CREATE SCHEMA attune;
-- Attune's three tables, for a database that has none: the same columns, order, constraints and
-- triggers as Attune's own migrations make. Never run where one of the tables exists.

CREATE TYPE attune.artifact_retention_enum AS ENUM ('versions', 'days', 'hours', 'minutes');

CREATE FUNCTION attune.update_updated_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated = now();
    RETURN NEW;
END;
$$;

CREATE TABLE attune.pack (
    id bigserial PRIMARY KEY,
    ref text NOT NULL,
    label text NOT NULL,
    description text,
    version text NOT NULL,
    conf_schema jsonb NOT NULL DEFAULT '{}',
    config jsonb NOT NULL DEFAULT '{}',
    meta jsonb NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    runtime_deps text[] NOT NULL DEFAULT '{}',
    dependencies text[] NOT NULL DEFAULT '{}',
    is_standard boolean NOT NULL DEFAULT false,
    installers jsonb DEFAULT '[]',
    source_type text,
    source_url text,
    source_ref text,
    checksum text,
    checksum_verified boolean DEFAULT false,
    installed_at timestamptz,
    installed_by bigint,
    installation_method text,
    storage_path text,
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pack_ref_key UNIQUE (ref),
    CONSTRAINT pack_ref_lowercase CHECK (ref = lower(ref)),
    CONSTRAINT pack_ref_format CHECK (ref ~ '^[a-z][a-z0-9_-]+$'),
    CONSTRAINT pack_version_semver CHECK (version ~ '^\d+\.\d+\.\d+(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$')
);

CREATE TABLE attune.workflow_definition (
    id bigserial PRIMARY KEY,
    ref varchar(255) NOT NULL,
    pack bigint NOT NULL,
    pack_ref varchar(255) NOT NULL,
    label varchar(255) NOT NULL,
    description text,
    version varchar(50) NOT NULL,
    param_schema jsonb,
    out_schema jsonb,
    definition jsonb NOT NULL,
    tags text[] DEFAULT '{}',
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT workflow_definition_ref_key UNIQUE (ref),
    CONSTRAINT workflow_definition_pack_fkey
        FOREIGN KEY (pack) REFERENCES attune.pack (id) ON DELETE CASCADE
);
CREATE INDEX idx_workflow_definition_pack ON attune.workflow_definition (pack);
CREATE INDEX idx_workflow_definition_tags ON attune.workflow_definition USING gin (tags);

CREATE TABLE attune.action (
    id bigserial PRIMARY KEY,
    ref text NOT NULL,
    pack bigint NOT NULL,
    pack_ref text NOT NULL,
    label text NOT NULL,
    description text,
    entrypoint text NOT NULL,
    runtime bigint,
    param_schema jsonb,
    out_schema jsonb,
    parameter_delivery text NOT NULL DEFAULT 'stdin',
    parameter_format text NOT NULL DEFAULT 'json',
    output_format text NOT NULL DEFAULT 'text',
    is_adhoc boolean NOT NULL DEFAULT false,
    timeout_seconds integer,
    max_retries integer DEFAULT 0,
    runtime_version_constraint text,
    accesses_mcp boolean NOT NULL DEFAULT false,
    default_execution_permission_set_refs text[] NOT NULL DEFAULT '{}',
    log_retention_policy attune.artifact_retention_enum,
    log_retention_limit integer,
    artifact_retention_policy attune.artifact_retention_enum,
    artifact_retention_limit integer,
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    workflow_def bigint,
    required_worker_runtimes jsonb NOT NULL DEFAULT '{}',
    worker_selector jsonb NOT NULL DEFAULT '{}',
    worker_tolerations jsonb NOT NULL DEFAULT '[]',
    worker_affinity jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT action_ref_key UNIQUE (ref),
    CONSTRAINT action_ref_lowercase CHECK (ref = lower(ref)),
    CONSTRAINT action_ref_format CHECK (ref ~ '^[^.]+\.[^.]+$'),
    CONSTRAINT action_parameter_delivery_check CHECK (parameter_delivery IN ('stdin', 'file')),
    CONSTRAINT action_parameter_format_check
        CHECK (parameter_format IN ('dotenv', 'json', 'yaml')),
    CONSTRAINT action_output_format_check
        CHECK (output_format IN ('text', 'json', 'yaml', 'jsonl')),
    CONSTRAINT action_log_retention_limit_check
        CHECK (log_retention_limit IS NULL OR log_retention_limit > 0),
    CONSTRAINT action_artifact_retention_limit_check
        CHECK (artifact_retention_limit IS NULL OR artifact_retention_limit > 0),
    CONSTRAINT action_pack_fkey
        FOREIGN KEY (pack) REFERENCES attune.pack (id) ON DELETE CASCADE,
    CONSTRAINT action_workflow_def_fkey
        FOREIGN KEY (workflow_def) REFERENCES attune.workflow_definition (id) ON DELETE CASCADE
);
CREATE INDEX idx_action_pack ON attune.action (pack);
CREATE INDEX idx_action_workflow_def ON attune.action (workflow_def);

CREATE TRIGGER update_pack_updated BEFORE UPDATE ON attune.pack
    FOR EACH ROW EXECUTE FUNCTION attune.update_updated_column();
CREATE TRIGGER update_workflow_definition_updated BEFORE UPDATE ON attune.workflow_definition
    FOR EACH ROW EXECUTE FUNCTION attune.update_updated_column();
CREATE TRIGGER update_action_updated BEFORE UPDATE ON attune.action
    FOR EACH ROW EXECUTE FUNCTION attune.update_updated_column();
SELECT to_regclass('attune_gitops.migrations') IS NOT NULL AS value;
SELECT to_regnamespace('attune_gitops') IS NOT NULL AS value;
CREATE SCHEMA attune_gitops;
CREATE TABLE attune_gitops.migrations (
    version integer PRIMARY KEY,
    name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
-- What Attune has no place for: whose a pack is, what was applied, and what we wrote of it.
-- No foreign key leads into Attune's schema, so its own migrations and deletes never meet us.

CREATE SEQUENCE attune_gitops.sync_sequence;

CREATE TABLE attune_gitops.claims (
    pack_ref text PRIMARY KEY,
    owner_uid text NOT NULL,
    owner_namespace text NOT NULL,
    owner_name text NOT NULL,
    generation bigint NOT NULL,
    sequence bigint NOT NULL,
    revision text NOT NULL,
    commit text NOT NULL,
    tree_oid text NOT NULL,
    inputs text NOT NULL,
    blocked integer NOT NULL,
    pack_fingerprint text NOT NULL,
    created_pack bigint,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN attune_gitops.claims.blocked IS
    'workflows gone from Git whose running executions keep them';
COMMENT ON COLUMN attune_gitops.claims.created_pack IS
    'attune.pack.id of the row, where it was we who created it';
CREATE UNIQUE INDEX claims_resource_key ON attune_gitops.claims (owner_uid) WHERE owner_uid <> '';

CREATE TABLE attune_gitops.inventory (
    ref text PRIMARY KEY,
    pack_ref text NOT NULL REFERENCES attune_gitops.claims ON DELETE CASCADE,
    version text NOT NULL,
    digest text NOT NULL,
    file text NOT NULL,
    blob text NOT NULL,
    fingerprint text NOT NULL,
    definition_xmin xid NOT NULL,
    action_xmin xid NOT NULL
);
COMMENT ON COLUMN attune_gitops.inventory.fingerprint IS
    'md5 of the columns we own in both rows, as they were after our write';
COMMENT ON COLUMN attune_gitops.inventory.definition_xmin IS
    'the row version we wrote: while it is the same, the fingerprint need not be computed';
CREATE INDEX inventory_pack_ref ON attune_gitops.inventory (pack_ref);

CREATE TABLE attune_gitops.revisions (
    pack_ref text NOT NULL REFERENCES attune_gitops.claims ON DELETE CASCADE,
    number integer NOT NULL,
    revision text NOT NULL,
    commit text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    created integer NOT NULL,
    updated integer NOT NULL,
    unchanged integer NOT NULL,
    pruned integer NOT NULL,
    PRIMARY KEY (pack_ref, number)
);
INSERT INTO attune_gitops.migrations (version, name) VALUES (1, '0001_ledger');
COMMIT;

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
       coalesce(d.pack = NULL::bigint, false) AS ours,
       a.id IS NOT NULL AND NOT coalesce(a.workflow_def = d.id, false)
       AND NOT coalesce(a.pack = NULL::bigint AND (a.workflow_def IS NULL AND a.entrypoint ~ '^workflows/.+\.workflow\.yaml$'), false) AS foreign_action,
       coalesce((d.xmin = i.definition_xmin AND a.xmin = i.action_xmin)
             OR md5((d.pack, d.pack_ref, d.label, d.description, d.version, d.param_schema, d.out_schema,
         d.definition, d.tags,
         a.pack, a.pack_ref, a.label, a.description, a.entrypoint, a.param_schema, a.out_schema,
         a.workflow_def)::text) = i.fingerprint, false) AS intact
FROM unnest('{demo.a,demo.b}'::text[]) AS w (ref)
FULL JOIN (SELECT * FROM attune_gitops.inventory WHERE pack_ref = 'demo') i ON i.ref = w.ref
LEFT JOIN attune.workflow_definition d ON d.ref = coalesce(w.ref, i.ref)
LEFT JOIN attune.action a ON a.ref = coalesce(w.ref, i.ref);
INSERT INTO attune.pack (ref, label, description, version, conf_schema, config, meta, tags,
                         runtime_deps, dependencies, source_type, source_url, source_ref)
VALUES ('demo', 'Demo', 'A pack', '1.0.0', '{"type": "object"}'::jsonb,
        '{"region": "eu"}'::jsonb, '{"team": "a"}'::jsonb, '{example}'::text[], '{python}'::text[],
        '{core}'::text[], 'git', 'https://git.example.com/acme/packs.git', 'main')
RETURNING id AS value;
INSERT INTO attune_gitops.claims (pack_ref, owner_uid, owner_namespace, owner_name, generation,
                                  sequence, revision, commit, tree_oid, inputs, blocked,
                                  pack_fingerprint, created_pack)
SELECT p.ref, 'uid-a', 'team-a', 'payments', 1, 1,
       'main@sha1:c1', 'c1', 'tree of c1', 'inputs', 0, md5((p.label, p.description, p.version, p.conf_schema, p.meta, p.tags, p.runtime_deps,
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
FROM unnest( E'{"{\\"definition\\":{\\"ref\\":\\"demo.a\\",\\"t\\":\\"\\",\\"tasks\\":[{\\"name\\":\\"greet\\"}]},\\"description\\":\\"About a\\",\\"entrypoint\\":\\"workflows/a.workflow.yaml\\",\\"label\\":\\"A\\",\\"out_schema\\":null,\\"param_schema\\":{\\"type\\":\\"object\\"},\\"ref\\":\\"demo.a\\",\\"tags\\":[\\"example\\"],\\"version\\":\\"1.0.0\\"}","{\\"definition\\":{\\"ref\\":\\"demo.b\\",\\"t\\":\\"\\",\\"tasks\\":[{\\"name\\":\\"greet\\"}]},\\"description\\":\\"About b\\",\\"entrypoint\\":\\"workflows/b.workflow.yaml\\",\\"label\\":\\"B\\",\\"out_schema\\":null,\\"param_schema\\":{\\"type\\":\\"object\\"},\\"ref\\":\\"demo.b\\",\\"tags\\":[\\"example\\"],\\"version\\":\\"1.0.0\\"}"}'::text[]) AS document,
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
FROM unnest('{demo.a,demo.b}'::text[], '{workflows/a.workflow.yaml,workflows/b.workflow.yaml}'::text[]) AS w (ref, entrypoint)
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
FROM unnest('{demo.a,demo.b}'::text[], '{cc1179df12310c9527fdc7c45822872448ce62c6a04f53a4817edaf64943d65c,de56fe3a26c1a58d5407883a9487d89ff902d9948ce78276450d2759be80d364}'::text[], '{workflows/a.yaml,workflows/b.yaml}'::text[], '{9384a39d69d104db5d1db7ccceae2ce0cb6c01c2,e1bc846440ec2fb557a5a271e785cd4c648883fa}'::text[])
     AS w (ref, digest, file, blob)
JOIN attune.workflow_definition d ON d.ref = w.ref AND d.pack = 1
JOIN attune.action a ON a.ref = w.ref AND a.workflow_def = d.id
ON CONFLICT (ref) DO UPDATE
SET pack_ref = EXCLUDED.pack_ref, version = EXCLUDED.version, digest = EXCLUDED.digest,
    file = EXCLUDED.file, blob = EXCLUDED.blob, fingerprint = EXCLUDED.fingerprint,
    definition_xmin = EXCLUDED.definition_xmin, action_xmin = EXCLUDED.action_xmin;
INSERT INTO attune_gitops.revisions (pack_ref, number, revision, commit, created, updated,
                                     unchanged, pruned)
SELECT 'demo', coalesce(max(number), 0) + 1, 'main@sha1:c1', 'c1', 2,
       0, 0, 0
FROM attune_gitops.revisions
WHERE pack_ref = 'demo';
COMMIT;

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
FROM unnest('{demo.a,demo.c}'::text[]) AS w (ref)
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
SELECT p.ref, 'uid-a', 'team-a', 'payments', 1, 2,
       'main@sha1:c2', 'c2', 'tree of c2', 'inputs', 0, md5((p.label, p.description, p.version, p.conf_schema, p.meta, p.tags, p.runtime_deps,
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
FROM unnest( E'{"{\\"definition\\":{\\"ref\\":\\"demo.a\\",\\"t\\":\\"new\\",\\"tasks\\":[{\\"name\\":\\"greet\\"}]},\\"description\\":\\"About a\\",\\"entrypoint\\":\\"workflows/a.workflow.yaml\\",\\"label\\":\\"A\\",\\"out_schema\\":null,\\"param_schema\\":{\\"type\\":\\"object\\"},\\"ref\\":\\"demo.a\\",\\"tags\\":[\\"example\\"],\\"version\\":\\"1.0.0\\"}","{\\"definition\\":{\\"ref\\":\\"demo.c\\",\\"t\\":\\"\\",\\"tasks\\":[{\\"name\\":\\"greet\\"}]},\\"description\\":\\"About c\\",\\"entrypoint\\":\\"workflows/c.workflow.yaml\\",\\"label\\":\\"C\\",\\"out_schema\\":null,\\"param_schema\\":{\\"type\\":\\"object\\"},\\"ref\\":\\"demo.c\\",\\"tags\\":[\\"example\\"],\\"version\\":\\"1.0.0\\"}"}'::text[]) AS document,
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
FROM unnest('{demo.a,demo.c}'::text[], '{workflows/a.workflow.yaml,workflows/c.workflow.yaml}'::text[]) AS w (ref, entrypoint)
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
FROM unnest('{demo.a,demo.c}'::text[], '{3522212d8e613aa5f30df4cf476101aac30834164d4c4fdfaddd8cbb5cad11bc,42f4f7e57274af7e4d982fdfbab27a351f9cc304357059769f3ef08576a7f91e}'::text[], '{workflows/a.yaml,workflows/c.yaml}'::text[], '{576d8b2ee7c3903c5d037ac9755f0d8a57f9063c,35d83788db288a7b0bfb2eebd297f332f9863a85}'::text[])
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
    WHERE pack_ref = 'demo' AND ref = ANY('{demo.b}'::text[])
    RETURNING ref
)
DELETE FROM attune.workflow_definition d
USING forgotten f
WHERE d.ref = f.ref AND d.pack = 1;
INSERT INTO attune_gitops.revisions (pack_ref, number, revision, commit, created, updated,
                                     unchanged, pruned)
SELECT 'demo', coalesce(max(number), 0) + 1, 'main@sha1:c2', 'c2', 1,
       1, 0, 1
FROM attune_gitops.revisions
WHERE pack_ref = 'demo';
COMMIT;

