-- Workflows of the pack itself are left out: what counts of them is what Git has.
SELECT a.ref, a.param_schema
FROM attune.action a
WHERE a.ref = ANY(%(refs)b::text[])
  AND (a.workflow_def IS NULL OR a.pack_ref IS DISTINCT FROM %(own_pack)s::text)
