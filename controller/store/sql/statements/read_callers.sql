-- Which workflows that are not ours call some that go, at any depth of their tasks.
SELECT DISTINCT d.ref, w.ref AS callee
FROM attune.workflow_definition d
CROSS JOIN LATERAL jsonb_path_query(d.definition, '$.**.tasks[*].action') AS call
JOIN unnest(%(refs)b::text[]) AS w (ref) ON w.ref = call #>> '{}'
WHERE NOT EXISTS (SELECT FROM attune_gitops.inventory i
                  WHERE i.ref = d.ref AND i.pack_ref = %(pack_ref)s)
ORDER BY d.ref, w.ref
LIMIT %(limit)s
