UPDATE attune.pack
SET label = %(label)s, description = %(description)s, version = %(version)s,
    conf_schema = %(conf_schema)s::jsonb, meta = %(meta)s::jsonb, tags = %(tags)s::text[],
    runtime_deps = %(runtime_deps)s::text[], dependencies = %(dependencies)s::text[],
    source_type = %(source_type)s, source_url = %(source_url)s, source_ref = %(source_ref)s,
    checksum = %(checksum)s, installation_method = %(installation_method)s,
    installed_at = coalesce(installed_at, now())
WHERE ref = %(ref)s
RETURNING id AS value
