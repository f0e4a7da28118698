-- Several clusters may share a database. A claim of an older program learns its cluster with the next
-- sync of its owner; until then nobody takes it over for the sake of a name.
ALTER TABLE attune_gitops.claims
    ADD COLUMN owner_cluster text NOT NULL DEFAULT '',
    ADD COLUMN claimed_at timestamptz;
ALTER TABLE attune_gitops.claims ALTER COLUMN claimed_at SET DEFAULT now();
COMMENT ON COLUMN attune_gitops.claims.owner_uid IS
    'empty for the command line, and where a pack was adopted for a Pack that has not come yet';
COMMENT ON COLUMN attune_gitops.claims.claimed_at IS
    'when this owner got it; NULL where an older program wrote the row: no later than applied_at';
