-- Attune's run history, where this database has it.
SELECT EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = to_regclass('attune.workflow_execution') AND attname = 'status'
      AND NOT attisdropped
) AS value
