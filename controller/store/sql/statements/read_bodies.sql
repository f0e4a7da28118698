-- One statement sees the revision and its bodies as they were at one time: while the revision is
-- there, none of them is removed.
SELECT r.manifest, w.ref, w.file, w.blob, b.document
FROM attune_gitops.revisions r
LEFT JOIN unnest(r.refs, r.digests, r.files, r.blobs) AS w (ref, digest, file, blob) ON true
LEFT JOIN attune_gitops.bodies b ON b.pack_ref = r.pack_ref AND b.digest = w.digest
WHERE r.pack_ref = %(pack_ref)s AND r.number = %(number)s
ORDER BY w.ref
