-- What of the pack's row is ours, for telling what somebody changed.
SELECT label, description, version, conf_schema, meta, tags, runtime_deps, dependencies,
       source_type, source_url, source_ref
FROM attune.pack
WHERE ref = %(pack_ref)s
