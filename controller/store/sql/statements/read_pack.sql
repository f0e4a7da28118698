-- The pack's row, if there is one, and what its fingerprint would be if it said what the manifest
-- says. `config` is the operator's. Which tree it comes from is no part of it: that changes with each
-- commit, also where the manifest does not.
SELECT p.id, CASE WHEN p.id IS NOT NULL THEN {{pack_fingerprint}} END AS fingerprint,
       {{pack_wanted}} AS wanted,
       (p.checksum, p.installation_method)
       IS NOT DISTINCT FROM (%(checksum)s::text, %(installation_method)s::text) AS is_stamped
FROM (VALUES (%(ref)s::text)) AS w (ref)
LEFT JOIN attune.pack p ON p.ref = w.ref
