SELECT pack_ref, owner_uid, owner_namespace, owner_name, owner_cluster,
       coalesce(claimed_at, applied_at) AS claimed_at
FROM attune_gitops.claims
WHERE pack_ref = coalesce(%(pack_ref)s::text, pack_ref)
ORDER BY pack_ref
