-- What the owner has claimed, if anything, and how its last attempt failed.
SELECT (SELECT c.pack_ref FROM attune_gitops.claims c
        WHERE c.owner_uid = %(owner_uid)s AND c.owner_uid <> '') AS pack_ref,
       coalesce((SELECT a.fingerprint
                 FROM attune_gitops.attempts a
                 WHERE a.owner_uid = %(owner_uid)s
                   AND (a.owner_uid <> '' OR a.pack_ref = %(pack_ref)s)
                 ORDER BY a.id DESC
                 LIMIT 1), '') AS failing
