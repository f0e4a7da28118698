"""The workflow language: nodes in, the canonical workflow and its diagnostics out. Pure.

May import `pack` and `errors`.
"""
