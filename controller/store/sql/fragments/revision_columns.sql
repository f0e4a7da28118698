r.pack_ref, r.number, r.revision, r.commit, r.applied_at, r.created, r.updated, r.unchanged,
       r.pruned, r.asked_by, r.owner_uid, r.owner_namespace, r.owner_name, r.author, r.committed_at,
       r.subject, r.tree_oid, r.inputs, r.source_url, r.source_ref, r.pack_changed, r.skipped,
       r.blocked, r.drifted, r.version, r.refs IS NOT NULL AS is_complete
