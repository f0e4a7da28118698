jsonb_build_object(
           'pack', (SELECT ref FROM attune.pack WHERE id = a.pack), 'pack_ref', a.pack_ref,
           'label', a.label, 'description', a.description, 'entrypoint', a.entrypoint,
           'param_schema', a.param_schema, 'out_schema', a.out_schema)
