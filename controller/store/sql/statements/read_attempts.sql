SELECT id, pack_ref, owner_uid, owner_namespace, owner_name, generation, asked_by, ended_at,
       duration_ms, revision, commit, author, committed_at, subject, number, stage, reason, message,
       hint, errors, warnings, diagnostics
FROM attune_gitops.attempts
WHERE (pack_ref = %(pack_ref)s AND pack_ref <> '' OR owner_uid = %(owner_uid)s AND owner_uid <> '')
  AND (%(before)s::bigint IS NULL OR id < %(before)s::bigint)
ORDER BY id DESC
LIMIT %(limit)s
