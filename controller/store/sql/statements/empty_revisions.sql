-- Nobody has claimed the pack for so long that nothing will be asked of it but the last number.
UPDATE attune_gitops.revisions
SET manifest = NULL, refs = NULL, digests = NULL, files = NULL, blobs = NULL
WHERE pack_ref = %(pack_ref)s AND refs IS NOT NULL AND {{is_abandoned}}
