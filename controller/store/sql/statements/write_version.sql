INSERT INTO attune_gitops.migrations (version, name) VALUES (%(version)s, %(name)s)
