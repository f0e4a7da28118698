SELECT {{revision_columns}}
FROM attune_gitops.revisions r
WHERE r.pack_ref = %(pack_ref)s
  AND (%(before)s::integer IS NULL OR r.number < %(before)s::integer)
ORDER BY r.number DESC
LIMIT %(limit)s
