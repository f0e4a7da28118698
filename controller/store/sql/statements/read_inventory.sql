SELECT ref, version, digest, file, blob
FROM attune_gitops.inventory
WHERE pack_ref = %(pack_ref)s
ORDER BY ref
