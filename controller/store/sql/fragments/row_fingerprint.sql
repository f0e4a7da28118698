md5((d.pack, d.pack_ref, d.label, d.description, d.version, d.param_schema, d.out_schema,
         d.definition, d.tags,
         a.pack, a.pack_ref, a.label, a.description, a.entrypoint, a.param_schema, a.out_schema,
         a.workflow_def)::text)
