"""PostgreSQL: plan (pure), apply (one transaction), ownership, migrations.

The only room that speaks SQL. May import `pack`, `errors` and `redact`.
"""
