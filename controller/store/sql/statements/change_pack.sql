UPDATE attune.pack SET
    label = coalesce(%(label)s, label),
    description = coalesce(%(description)s, description),
    version = coalesce(%(version)s, version),
    conf_schema = coalesce(%(conf_schema)s::jsonb, conf_schema),
    config = coalesce(%(config)s::jsonb, config),
    meta = coalesce(%(meta)s::jsonb, meta),
    tags = coalesce(%(tags)s::text[], tags),
    runtime_deps = coalesce(%(runtime_deps)s::text[], runtime_deps),
    dependencies = coalesce(%(dependencies)s::text[], dependencies)
WHERE ref = %(ref)s
