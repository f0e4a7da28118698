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
