DELETE FROM attune.pack WHERE id = %(pack)s
