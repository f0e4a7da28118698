-- The pack's row, and whether it says what the manifest says. `config` is the operator's.
SELECT p.id, {{pack_fingerprint}} AS fingerprint,
       (p.label, p.description, p.version, p.conf_schema, p.meta, p.tags, p.runtime_deps,
        p.dependencies, p.source_type, p.source_url, p.source_ref)
       IS NOT DISTINCT FROM
       (%(label)s, %(description)s::text, %(version)s, %(conf_schema)s::jsonb, %(meta)s::jsonb,
        %(tags)s::text[], %(runtime_deps)s::text[], %(dependencies)s::text[],
        %(source_type)s::text, %(source_url)s::text, %(source_ref)s::text) AS current
FROM attune.pack p
WHERE p.ref = %(ref)s
