SELECT to_regnamespace(%(schema)s) IS NOT NULL AS value
