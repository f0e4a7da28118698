jsonb_build_object(
           'pack', (SELECT ref FROM attune.pack WHERE id = d.pack), 'pack_ref', d.pack_ref,
           'label', d.label, 'description', d.description, 'version', d.version,
           'param_schema', d.param_schema, 'out_schema', d.out_schema,
           'definition', d.definition, 'tags', d.tags)
