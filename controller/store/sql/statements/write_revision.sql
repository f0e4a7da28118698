INSERT INTO attune_gitops.revisions (pack_ref, number, revision, commit, created, updated,
                                     unchanged, pruned)
SELECT %(pack_ref)s, coalesce(max(number), 0) + 1, %(revision)s, %(commit)s, %(created)s,
       %(updated)s, %(unchanged)s, %(pruned)s
FROM attune_gitops.revisions
WHERE pack_ref = %(pack_ref)s
