SELECT DISTINCT d.ref AS value
FROM attune.workflow_definition d JOIN attune.workflow_execution e ON e.workflow_def = d.id
WHERE d.ref = ANY(%(refs)b::text[]) AND d.pack = %(pack)s
  AND lower(e.status::text) <> ALL(%(terminal)s::text[])
