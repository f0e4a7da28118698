-- The pack's row, if there is one, and what its fingerprint would be if it said what the manifest
-- says. `config` is the operator's.
SELECT p.id, CASE WHEN p.id IS NOT NULL THEN {{pack_fingerprint}} END AS fingerprint,
       {{pack_wanted}} AS wanted
FROM (VALUES (%(ref)s::text)) AS w (ref)
LEFT JOIN attune.pack p ON p.ref = w.ref
