INSERT INTO attune.pack (ref, label, description, version, conf_schema, config, meta, tags,
                         runtime_deps, dependencies, source_type, source_url, source_ref,
                         checksum, installation_method, installed_at)
VALUES (%(ref)s, %(label)s, %(description)s, %(version)s, %(conf_schema)s::jsonb,
        %(config)s::jsonb, %(meta)s::jsonb, %(tags)s::text[], %(runtime_deps)s::text[],
        %(dependencies)s::text[], %(source_type)s, %(source_url)s, %(source_ref)s,
        %(checksum)s, %(installation_method)s, now())
RETURNING id AS value
