-- From here on no execution of these workflows can start, so that the next look at the running
-- ones stays true until the delete.
SELECT ref FROM attune.workflow_definition WHERE ref = ANY(%(refs)b::text[]) ORDER BY ref FOR UPDATE
