-- Ids grow with time, so that the oldest are found without a look at the others.
DELETE FROM attune_gitops.attempts
WHERE id IN (SELECT id
             FROM attune_gitops.attempts
             WHERE id IN (SELECT id FROM attune_gitops.attempts ORDER BY id LIMIT %(batch)s)
               AND ended_at < {{horizon}}
             FOR UPDATE SKIP LOCKED)
