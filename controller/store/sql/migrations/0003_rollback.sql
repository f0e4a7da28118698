-- An older program neither reads nor writes this: what it applies meanwhile is looked at again.
ALTER TABLE attune_gitops.claims ADD COLUMN rollback jsonb;
COMMENT ON COLUMN attune_gitops.claims.rollback IS
    'the rollback that the rows are, or that a newer commit has ended; NULL where there is none';
