-- What the owner has, or else what one of its name had in its cluster, which it takes over.
SELECT pack_ref, revision, commit, tree_oid, inputs, rollback
FROM attune_gitops.claims
WHERE owner_uid = %(owner_uid)s AND (owner_uid <> '' OR pack_ref = %(pack_ref)s)
   OR (owner_cluster <> '' AND %(pack_ref)s IN ('', pack_ref)
       AND (owner_cluster, owner_namespace, owner_name)
           = (%(owner_cluster)s, %(owner_namespace)s, %(owner_name)s))
ORDER BY owner_uid = %(owner_uid)s DESC, pack_ref = %(pack_ref)s DESC, claimed_at DESC
LIMIT 1
