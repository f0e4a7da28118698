-- Every row the plan must know: what is desired, and what we wrote before.
SELECT coalesce(w.ref, i.ref) AS ref, i.ref IS NOT NULL AS known, i.version, i.digest, i.file,
       i.blob, d.pack_ref AS holder,
       coalesce(d.pack = %(pack)s::bigint, false) AS ours,
       a.id IS NOT NULL AND NOT coalesce(a.workflow_def = d.id, false)
       AND NOT coalesce(a.pack = %(pack)s::bigint AND {{stray}}, false) AS foreign_action,
       coalesce(a.pack = %(pack)s::bigint AND a.workflow_def IS NULL, false) AS loose_action,
       coalesce(a.is_adhoc, false) AS adhoc,
       {{row_intact}} AS intact
FROM unnest(%(refs)b::text[]) AS w (ref)
FULL JOIN (SELECT * FROM attune_gitops.inventory WHERE pack_ref = %(pack_ref)s) i ON i.ref = w.ref
LEFT JOIN attune.workflow_definition d ON d.ref = coalesce(w.ref, i.ref)
LEFT JOIN attune.action a ON a.ref = coalesce(w.ref, i.ref)
