-- What there is under the refs of workflows that a plan changes, to be told by field.
SELECT r.ref, coalesce(i.file, '') AS file, d.id IS NOT NULL AS has_definition,
       a.id IS NOT NULL AS has_action, coalesce(a.workflow_def = d.id, false) AS is_companion,
       {{definition_columns}} AS definition,
       {{action_columns}} AS action
FROM unnest(%(refs)b::text[]) AS r (ref)
LEFT JOIN attune_gitops.inventory i ON i.ref = r.ref AND i.pack_ref = %(pack_ref)s
LEFT JOIN attune.workflow_definition d ON d.ref = r.ref
LEFT JOIN attune.action a ON a.ref = r.ref
ORDER BY r.ref
