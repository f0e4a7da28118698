-- These packs, and those that they need in turn.
WITH RECURSIVE needed (ref) AS (
    SELECT unnest(%(refs)b::text[])
    UNION
    SELECT {{needed_ref}}
    FROM needed n
    JOIN attune.pack p ON p.ref = n.ref
    CROSS JOIN LATERAL unnest(p.dependencies) AS need
)
SELECT p.ref, p.version, p.dependencies
FROM attune.pack p
WHERE p.ref IN (SELECT ref FROM needed)
ORDER BY p.ref
