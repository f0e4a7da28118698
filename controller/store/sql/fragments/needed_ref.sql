substring(need FROM '^\s*([a-z][a-z0-9_-]+)')
