SELECT p.id, p.ref, p.label, p.version,
       coalesce(c.owner_uid, '') AS owner_uid,
       coalesce(c.owner_namespace, '') AS owner_namespace,
       coalesce(c.owner_name, '') AS owner_name,
       coalesce(c.revision, '') AS revision, c.applied_at,
       (SELECT count(*) FROM attune.workflow_definition d WHERE d.pack = p.id) AS workflow_count
FROM attune.pack p LEFT JOIN attune_gitops.claims c ON c.pack_ref = p.ref
WHERE %(refs)s::text[] IS NULL OR p.ref = ANY (%(refs)s::text[])
ORDER BY p.ref
