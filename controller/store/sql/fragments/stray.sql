(a.entrypoint ~ '^workflows/.+\.workflow\.yaml$' AND (a.workflow_def IS NULL OR i.ref IS NOT NULL))
