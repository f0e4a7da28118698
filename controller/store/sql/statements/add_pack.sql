INSERT INTO attune.pack (ref, label, description, version, conf_schema, config, meta, tags,
                         runtime_deps, dependencies)
VALUES (%(ref)s, %(label)s, %(description)s, %(version)s, %(conf_schema)s::jsonb,
        %(config)s::jsonb, %(meta)s::jsonb, %(tags)s::text[], %(runtime_deps)s::text[],
        %(dependencies)s::text[])
ON CONFLICT (ref) DO NOTHING
