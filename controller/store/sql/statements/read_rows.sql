-- Every row the plan must know: what is desired, and what we wrote before.
WITH desired AS (
    SELECT * FROM unnest(%(refs)b::text[], %(entrypoints)b::text[]) AS u (ref, entrypoint)
), known AS (
    SELECT * FROM attune_gitops.inventory WHERE pack_ref = %(pack_ref)s
)
SELECT coalesce(w.ref, i.ref) AS ref, i.ref IS NOT NULL AS known,
       coalesce(i.version, '') AS version, coalesce(i.digest, '') AS digest,
       coalesce(i.file, '') AS file, coalesce(i.blob, '') AS blob,
       d.pack_ref AS holder,
       d.pack IS NOT DISTINCT FROM %(pack)s::bigint AND d.id IS NOT NULL AS ours,
       a.id IS NOT NULL AND a.workflow_def IS DISTINCT FROM d.id
       AND NOT coalesce(a.workflow_def IS NULL AND a.pack = %(pack)s::bigint
                        AND a.entrypoint = w.entrypoint, false) AS foreign_action,
       {{row_intact}} AS intact
FROM desired w
FULL JOIN known i ON i.ref = w.ref
LEFT JOIN attune.workflow_definition d ON d.ref = coalesce(w.ref, i.ref)
LEFT JOIN attune.action a ON a.ref = coalesce(w.ref, i.ref)
