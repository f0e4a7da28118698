-- What there is in place of rows that are not as we left them. Whether a row was touched at all is
-- told by its version, for when nobody knows any more what we wrote.
SELECT i.ref, b.document,
       d.id IS NOT NULL AS has_definition, a.id IS NOT NULL AS has_action,
       d.xmin IS DISTINCT FROM i.definition_xmin AS definition_touched,
       a.xmin IS DISTINCT FROM i.action_xmin AS action_touched,
       a.workflow_def IS NOT NULL AS is_linked, coalesce(a.workflow_def = d.id, false) AS is_companion,
       {{definition_columns}} AS definition,
       {{action_columns}} AS action
FROM attune_gitops.inventory i
LEFT JOIN attune_gitops.bodies b ON b.pack_ref = i.pack_ref AND b.digest = i.digest
LEFT JOIN attune.workflow_definition d ON d.ref = i.ref
LEFT JOIN attune.action a ON a.ref = i.ref
WHERE i.pack_ref = %(pack_ref)s AND i.ref = ANY(%(refs)b::text[])
ORDER BY i.ref
