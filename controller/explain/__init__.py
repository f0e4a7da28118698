"""A page for each rule: why it is there, an example that breaks it, and one that does not. Pure.

May import `pack` only: who wants the diagnostics of an example checks it, and gives them to
`markdown`. The texts stand in one module for each family of codes.
"""

from controller.explain.markdown import index, markdown
from controller.explain.page import Example, Page
from controller.explain.pages import PAGES

__all__ = ["PAGES", "Example", "Page", "index", "markdown"]
