(SELECT md5(string_agg(number || ' ' || xmin::text, ',' ORDER BY number))
 FROM attune_gitops.revisions
 WHERE pack_ref = %(pack_ref)s)
