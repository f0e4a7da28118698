-- Companion actions go with their definitions (ON DELETE CASCADE).
WITH forgotten AS (
    DELETE FROM attune_gitops.inventory
    WHERE pack_ref = %(pack_ref)s AND ref = ANY(%(refs)b::text[])
    RETURNING ref
)
DELETE FROM attune.workflow_definition d
USING forgotten f
WHERE d.ref = f.ref AND d.pack = %(pack)s
