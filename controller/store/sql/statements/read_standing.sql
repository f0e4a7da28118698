SELECT pack_ref, revision, commit, tree_oid, inputs, rollback
FROM attune_gitops.claims
WHERE owner_uid = %(owner_uid)s AND (owner_uid <> '' OR pack_ref = %(pack_ref)s)
