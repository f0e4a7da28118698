SELECT id AS value FROM attune.pack WHERE ref = %(pack_ref)s
