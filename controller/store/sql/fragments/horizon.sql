CASE WHEN %(days)s = 0 THEN '-infinity' ELSE now() - make_interval(days => %(days)s) END
