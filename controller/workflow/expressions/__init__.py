"""Attune's expressions: `{{ … }}` in the texts of a workflow, read and checked, never evaluated.

Pure. May import `pack` and `workflow.model`. `walk` finds the texts, `template` their blocks,
`reader` reads a block, which is remembered whatever stands around it; then its names are compared
with those of the workflow (`names`, `unknown`), and what is wrong is told (`check`, `hints`).
"""
