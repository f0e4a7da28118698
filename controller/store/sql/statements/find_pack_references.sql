-- Every table whose rows may refer to a pack, whatever this release of Attune has.
SELECT n.nspname AS schema, c.relname AS table, a.attname AS column,
       has_table_privilege(c.oid, 'SELECT') AS readable
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
WHERE k.contype = 'f' AND k.confrelid = 'attune.pack'::regclass AND k.conparentid = 0
ORDER BY 1, 2, 3
