-- The oldest of the same owner make room for it.
WITH former AS (
    DELETE FROM attune_gitops.attempts
    WHERE id IN (SELECT id
                 FROM attune_gitops.attempts
                 WHERE owner_uid = %(owner_uid)s
                   AND (owner_uid <> '' OR pack_ref = %(pack_ref)s)
                 ORDER BY id DESC
                 OFFSET %(keep)s - 1
                 FOR UPDATE SKIP LOCKED)
)
INSERT INTO attune_gitops.attempts (
    pack_ref, owner_uid, owner_namespace, owner_name, generation, asked_by, duration_ms, revision,
    commit, author, committed_at, subject, number, stage, reason, message, hint, errors, warnings,
    diagnostics, fingerprint)
VALUES (
    %(pack_ref)s, %(owner_uid)s, %(owner_namespace)s, %(owner_name)s, %(generation)s, %(asked_by)s,
    %(duration_ms)s, %(revision)s, %(commit)s, %(author)s, %(committed_at)s, %(subject)s,
    %(number)s, %(stage)s, %(reason)s, %(message)s, %(hint)s, %(errors)s, %(warnings)s,
    %(diagnostics)s::jsonb, %(fingerprint)s)
