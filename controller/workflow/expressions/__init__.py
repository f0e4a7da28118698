"""Attune's expressions: `{{ … }}` in the texts of a workflow, read and checked, never evaluated.

Pure. May import `pack` and `workflow.model`. A text is read once, whatever stands around it
(`template`, `block`); then its names are compared with those of the workflow (`check`).
"""
