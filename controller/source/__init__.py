"""Where packs come from: a revision in, a `PackTree` and bytes out.

The only room that runs git. May import `pack`, `errors` and `redact`.
"""
