INSERT INTO attune_gitops.bodies (pack_ref, digest, document)
SELECT %(pack_ref)s, w.digest, w.document
FROM unnest(%(digests)b::text[], %(documents)b::text[]) AS w (digest, document)
