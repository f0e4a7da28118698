-- A number is given where that revision, which an older program wrote, is what the rows are: it is
-- completed, and named by the commit of now, which has the same content.
INSERT INTO attune_gitops.revisions AS r (
    pack_ref, number, revision, commit, created, updated, unchanged, pruned, owner_uid,
    owner_namespace, owner_name, asked_by, author, committed_at, subject, tree_oid, inputs,
    source_url, source_ref, pack_changed, skipped, blocked, drifted, version, manifest, refs,
    digests, files, blobs)
SELECT %(pack_ref)s,
       coalesce(%(number)s::integer,
                1 + (SELECT max(number) FROM attune_gitops.revisions
                     WHERE pack_ref = %(pack_ref)s), 1),
       %(revision)s, %(commit)s, %(created)s, %(updated)s, %(unchanged)s, %(pruned)s,
       %(owner_uid)s, %(owner_namespace)s, %(owner_name)s, %(asked_by)s, %(author)s::text,
       %(committed_at)s::timestamptz, %(subject)s::text, %(tree_oid)s, %(inputs)s, %(source_url)s,
       %(source_ref)s, %(pack_changed)s, %(skipped)s, %(blocked)s, %(drifted)s, %(version)s,
       %(manifest)s, i.refs, i.digests, i.files, i.blobs
FROM (SELECT coalesce(array_agg(ref), '{}') AS refs, coalesce(array_agg(digest), '{}') AS digests,
             coalesce(array_agg(file), '{}') AS files, coalesce(array_agg(blob), '{}') AS blobs
      FROM (SELECT ref, digest, file, blob
            FROM attune_gitops.inventory
            WHERE pack_ref = %(pack_ref)s AND ref <> ALL(%(leaving)b::text[])
            ORDER BY ref) AS kept) AS i
ON CONFLICT (pack_ref, number) DO UPDATE
SET owner_uid = EXCLUDED.owner_uid, owner_namespace = EXCLUDED.owner_namespace,
    owner_name = EXCLUDED.owner_name, revision = EXCLUDED.revision, commit = EXCLUDED.commit,
    author = EXCLUDED.author, committed_at = EXCLUDED.committed_at, subject = EXCLUDED.subject,
    tree_oid = EXCLUDED.tree_oid, inputs = EXCLUDED.inputs, source_url = EXCLUDED.source_url,
    source_ref = EXCLUDED.source_ref, version = EXCLUDED.version, manifest = EXCLUDED.manifest,
    refs = EXCLUDED.refs, digests = EXCLUDED.digests, files = EXCLUDED.files, blobs = EXCLUDED.blobs
RETURNING number AS value
