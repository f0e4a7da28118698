(a.workflow_def IS NULL AND a.entrypoint ~ '^workflows/.+\.workflow\.yaml$')
