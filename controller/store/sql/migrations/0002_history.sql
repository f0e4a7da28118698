-- What was applied, exactly, and what became of each attempt. An older program's statements still
-- work on this: every new column has a default, and nothing that it reads or writes is gone.

-- The exact text of each workflow, once for each content. No two packs share one, because the text
-- has the workflow's ref in it: so a pack's own lock guards its bodies, too.
CREATE TABLE attune_gitops.bodies (
    pack_ref text NOT NULL,
    digest text NOT NULL,
    document text NOT NULL,
    PRIMARY KEY (pack_ref, digest)
);
COMMENT ON COLUMN attune_gitops.bodies.digest IS 'SHA-256 of document, hexadecimal';

-- History outlives the claim of the Pack that made it, until it is too old.
ALTER TABLE attune_gitops.revisions
    DROP CONSTRAINT revisions_pack_ref_fkey,
    ADD COLUMN owner_uid text NOT NULL DEFAULT '',
    ADD COLUMN owner_namespace text NOT NULL DEFAULT '',
    ADD COLUMN owner_name text NOT NULL DEFAULT '',
    ADD COLUMN asked_by text NOT NULL DEFAULT '',
    ADD COLUMN author text,
    ADD COLUMN committed_at timestamptz,
    ADD COLUMN subject text,
    ADD COLUMN tree_oid text NOT NULL DEFAULT '',
    ADD COLUMN inputs text NOT NULL DEFAULT '',
    ADD COLUMN source_url text NOT NULL DEFAULT '',
    ADD COLUMN source_ref text NOT NULL DEFAULT '',
    ADD COLUMN pack_changed boolean NOT NULL DEFAULT false,
    ADD COLUMN skipped integer NOT NULL DEFAULT 0,
    ADD COLUMN blocked integer NOT NULL DEFAULT 0,
    ADD COLUMN drifted integer NOT NULL DEFAULT 0,
    ADD COLUMN version text NOT NULL DEFAULT '',
    ADD COLUMN manifest text,
    ADD COLUMN refs text[],
    ADD COLUMN digests text[],
    ADD COLUMN files text[],
    ADD COLUMN blobs text[];
COMMENT ON COLUMN attune_gitops.revisions.manifest IS
    'pack.yaml as it was applied, JSON; NULL where an older program wrote the row';
COMMENT ON COLUMN attune_gitops.revisions.refs IS
    'the whole inventory, with digests, files and blobs in the same order; NULL as manifest';
-- Digests do not get smaller, and trying takes longer than writing them.
ALTER TABLE attune_gitops.revisions
    ALTER COLUMN digests SET STORAGE EXTERNAL,
    ALTER COLUMN blobs SET STORAGE EXTERNAL;

CREATE TABLE attune_gitops.attempts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pack_ref text NOT NULL,
    owner_uid text NOT NULL,
    owner_namespace text NOT NULL,
    owner_name text NOT NULL,
    generation bigint NOT NULL,
    asked_by text NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    duration_ms integer NOT NULL,
    revision text NOT NULL,
    commit text NOT NULL,
    author text,
    committed_at timestamptz,
    subject text,
    number integer,
    stage text NOT NULL,
    reason text NOT NULL,
    message text NOT NULL,
    hint text NOT NULL,
    errors integer NOT NULL,
    warnings integer NOT NULL,
    diagnostics jsonb NOT NULL,
    fingerprint text NOT NULL
);
COMMENT ON COLUMN attune_gitops.attempts.pack_ref IS 'empty while nobody knows it';
COMMENT ON COLUMN attune_gitops.attempts.number IS 'of the revision that it made';
COMMENT ON COLUMN attune_gitops.attempts.stage IS 'where it failed; empty where it did not';
COMMENT ON COLUMN attune_gitops.attempts.fingerprint IS
    'tells a failure from the one before; empty where there is none';
CREATE INDEX attempts_pack_ref ON attune_gitops.attempts (pack_ref, id);
CREATE INDEX attempts_owner ON attune_gitops.attempts (owner_uid, id);
