-- Companion actions go with their definitions (ON DELETE CASCADE), and by themselves where somebody
-- took them from one: an action without its workflow could be called and would do nothing.
WITH forgotten AS (
    DELETE FROM attune_gitops.inventory
    WHERE pack_ref = %(pack_ref)s AND ref = ANY(%(refs)b::text[])
    RETURNING ref
), loose AS (
    DELETE FROM attune.action a
    USING forgotten i
    WHERE a.ref = i.ref AND a.pack = %(pack)s AND {{stray}}
)
DELETE FROM attune.workflow_definition d
USING forgotten f
WHERE d.ref = f.ref AND d.pack = %(pack)s
