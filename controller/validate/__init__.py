"""All documents of a pack in, every diagnostic and the rows to store out. Pure, total, sorted.

May import `load`, `workflow`, `pack` and `errors`.
"""
