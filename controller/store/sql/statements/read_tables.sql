-- Read from the catalog, not information_schema, which hides what the role has no grant on.
SELECT c.relname AS table, array_agg(a.attname::text) AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'attune'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relname = ANY(%(tables)s::text[]) AND c.relkind IN ('r', 'p')
GROUP BY c.relname
