NOT EXISTS (SELECT FROM attune_gitops.claims WHERE pack_ref = %(pack_ref)s)
       AND NOT EXISTS (SELECT FROM attune_gitops.attempts
                       WHERE pack_ref = %(pack_ref)s AND ended_at >= {{horizon}})
       AND NOT EXISTS (SELECT FROM attune_gitops.revisions
                       WHERE pack_ref = %(pack_ref)s AND applied_at >= {{horizon}})
