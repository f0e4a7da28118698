-- The companion repeats its definition; all other columns keep Attune's defaults, or what an
-- operator set. Attune's registrar inserts the action before it links it: one that it left half
-- made is completed, and one that somebody took from its definition is given back. One that was made
-- by hand is taken only where that was asked for: then it stops to be a script or ad hoc.
INSERT INTO attune.action AS a (ref, pack, pack_ref, label, description, entrypoint, param_schema,
                                out_schema, workflow_def)
SELECT d.ref, d.pack, d.pack_ref, d.label, d.description, w.entrypoint, d.param_schema,
       d.out_schema, d.id
FROM unnest(%(refs)b::text[], %(entrypoints)b::text[]) AS w (ref, entrypoint)
JOIN attune.workflow_definition d ON d.ref = w.ref AND d.pack = %(pack)s
ORDER BY d.ref
ON CONFLICT (ref) DO UPDATE
SET pack = EXCLUDED.pack, pack_ref = EXCLUDED.pack_ref, label = EXCLUDED.label,
    description = EXCLUDED.description, entrypoint = EXCLUDED.entrypoint,
    param_schema = EXCLUDED.param_schema, out_schema = EXCLUDED.out_schema,
    workflow_def = EXCLUDED.workflow_def, is_adhoc = false,
    runtime = CASE WHEN a.workflow_def IS NULL THEN NULL ELSE a.runtime END
WHERE (a.workflow_def = EXCLUDED.workflow_def
       OR (a.ref = ANY(%(adopts)b::text[]) AND a.pack = EXCLUDED.pack AND a.workflow_def IS NULL)
       OR EXISTS (SELECT FROM (VALUES (EXCLUDED.ref, EXCLUDED.pack, EXCLUDED.pack_ref))
                              AS w (ref, pack, pack_ref)
                  LEFT JOIN attune_gitops.inventory i ON i.ref = w.ref AND i.pack_ref = w.pack_ref
                  WHERE a.pack = w.pack AND {{stray}}))
  AND (a.pack, a.pack_ref, a.label, a.description, a.entrypoint, a.param_schema, a.out_schema,
       a.workflow_def, a.is_adhoc)
      IS DISTINCT FROM
      (EXCLUDED.pack, EXCLUDED.pack_ref, EXCLUDED.label, EXCLUDED.description,
       EXCLUDED.entrypoint, EXCLUDED.param_schema, EXCLUDED.out_schema, EXCLUDED.workflow_def,
       false)
