coalesce((d.xmin = i.definition_xmin AND a.xmin = i.action_xmin)
             OR {{row_fingerprint}} = i.fingerprint, false)
