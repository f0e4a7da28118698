-- However old they are, a pack's last two stay: what is, and what one can go back to. Of a pack that
-- nobody has claimed for so long, the last one stays, for its number. One that was rolled back to
-- stays, too.
DELETE FROM attune_gitops.revisions
WHERE pack_ref = %(pack_ref)s
  AND number IN (
    SELECT number
    FROM (SELECT number, applied_at < {{horizon}} AS is_old,
                 row_number() OVER (ORDER BY number DESC) AS place
          FROM attune_gitops.revisions
          WHERE pack_ref = %(pack_ref)s) AS all_of_it
    WHERE number <> ALL(%(pinned)s::integer[])
      AND number NOT IN (SELECT (rollback ->> 'number')::integer
                         FROM attune_gitops.claims
                         WHERE pack_ref = %(pack_ref)s AND rollback IS NOT NULL)
      AND (place > %(keep)s::integer
           OR (is_old AND place > 2)
           OR (place = 2 AND {{is_abandoned}}))
    ORDER BY number
    LIMIT %(batch)s)
