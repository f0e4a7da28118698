md5((%(label)s::text, %(description)s::text, %(version)s::text, %(conf_schema)s::jsonb,
         %(meta)s::jsonb, %(tags)s::text[], %(runtime_deps)s::text[], %(dependencies)s::text[],
         %(source_type)s::text, %(source_url)s::text, %(source_ref)s::text)::text)
