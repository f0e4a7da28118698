INSERT INTO attune.workflow_definition AS d (ref, pack, pack_ref, label, description, version,
                                             param_schema, out_schema, definition, tags)
SELECT w.ref, %(pack)s, %(pack_ref)s, w.label, w.description, w.version, w.param_schema,
       w.out_schema, w.definition, w.tags
FROM unnest(%(documents)b::text[]) AS document,
     jsonb_to_record(document::jsonb) AS w (ref text, label text, description text, version text,
                                            param_schema jsonb, out_schema jsonb,
                                            definition jsonb, tags text[])
ORDER BY w.ref
ON CONFLICT (ref) DO UPDATE
SET pack_ref = EXCLUDED.pack_ref, label = EXCLUDED.label, description = EXCLUDED.description,
    version = EXCLUDED.version, param_schema = EXCLUDED.param_schema,
    out_schema = EXCLUDED.out_schema, definition = EXCLUDED.definition, tags = EXCLUDED.tags
WHERE d.pack = EXCLUDED.pack
  AND (d.pack_ref, d.label, d.description, d.version, d.param_schema, d.out_schema, d.definition,
       d.tags)
      IS DISTINCT FROM
      (EXCLUDED.pack_ref, EXCLUDED.label, EXCLUDED.description, EXCLUDED.version,
       EXCLUDED.param_schema, EXCLUDED.out_schema, EXCLUDED.definition, EXCLUDED.tags)
