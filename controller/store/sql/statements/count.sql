SELECT count(*) AS value
FROM attune.workflow_definition d JOIN attune.pack p ON p.id = d.pack
WHERE p.ref = %(pack_ref)s
