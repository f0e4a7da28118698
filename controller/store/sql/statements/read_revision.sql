SELECT {{revision_columns}}
FROM attune_gitops.revisions r
WHERE r.pack_ref = %(pack_ref)s AND r.number = %(number)s
