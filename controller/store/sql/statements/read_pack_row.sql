-- As JSON, so that a column which this release of Attune does not have is merely not there.
SELECT to_jsonb(p) AS value FROM attune.pack p WHERE p.ref = %(pack_ref)s
