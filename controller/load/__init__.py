"""Which files of a pack count, and their YAML as nodes with positions. Pure.

The only room that reads YAML. May import `workflow`, `pack` and `errors`.
"""
