SELECT pack_ref, owner_uid, owner_namespace, owner_name, generation, sequence, revision, commit,
       tree_oid, inputs, blocked, pack_fingerprint, created_pack
FROM attune_gitops.claims
WHERE pack_ref = %(pack_ref)s OR (owner_uid = %(owner_uid)s AND owner_uid <> '')
