md5((p.label, p.description, p.version, p.conf_schema, p.meta, p.tags, p.runtime_deps,
         p.dependencies, p.source_type, p.source_url, p.source_ref)::text)
