-- The rows that the plan must know: what is desired, and what we wrote before. What is listed with the
-- same digest, blob and file as now and is intact is left out: of a large pack that is nearly all.
SELECT coalesce(w.ref, i.ref) AS ref, i.ref IS NOT NULL AS known, i.version, i.digest, i.file,
       i.blob, d.pack_ref AS holder, h.ours, h.foreign_action,
       coalesce(a.pack = %(pack)s::bigint AND a.workflow_def IS NULL, false) AS loose_action,
       coalesce(a.is_adhoc, false) AS adhoc, h.intact
FROM unnest(%(refs)b::text[], %(marks)b::text[]) AS w (ref, mark)
FULL JOIN (SELECT * FROM attune_gitops.inventory WHERE pack_ref = %(pack_ref)s) i ON i.ref = w.ref
LEFT JOIN attune.workflow_definition d ON d.ref = coalesce(w.ref, i.ref)
LEFT JOIN attune.action a ON a.ref = coalesce(w.ref, i.ref)
CROSS JOIN LATERAL (
    SELECT coalesce(d.pack = %(pack)s::bigint, false) AS ours,
           a.id IS NOT NULL AND NOT coalesce(a.workflow_def = d.id, false)
           AND NOT coalesce(a.pack = %(pack)s::bigint AND {{stray}}, false) AS foreign_action,
           {{row_intact}} AS intact) AS h
WHERE NOT coalesce(w.mark = i.digest || ' ' || i.blob || ' ' || i.file AND h.ours
                   AND NOT h.foreign_action AND h.intact, false)
