SELECT d.id, d.ref, p.ref AS pack_ref, d.label, d.description, d.version, d.param_schema,
       d.out_schema, d.tags, d.created, d.updated, coalesce(i.digest, '') AS digest,
       coalesce(i.file, '') AS file, d.definition
FROM attune.workflow_definition d
JOIN attune.pack p ON p.id = d.pack
LEFT JOIN attune_gitops.inventory i ON i.ref = d.ref
WHERE d.ref = %(ref)s
