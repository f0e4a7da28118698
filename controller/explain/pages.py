"""All pages, by code. Imports the neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from controller.explain.actions import PAGES as ACTIONS
from controller.explain.expressions import PAGES as EXPRESSIONS
from controller.explain.fields import PAGES as FIELDS
from controller.explain.files import PAGES as FILES
from controller.explain.graph import PAGES as GRAPH
from controller.explain.legacy import PAGES as LEGACY
from controller.explain.manifest import PAGES as MANIFEST
from controller.explain.page import Page
from controller.explain.references import PAGES as REFERENCES
from controller.explain.syntax import PAGES as SYNTAX
from controller.explain.values import PAGES as VALUES

_FAMILIES = (
    FILES,
    SYNTAX,
    FIELDS,
    VALUES,
    GRAPH,
    LEGACY,
    EXPRESSIONS,
    REFERENCES,
    MANIFEST,
    ACTIONS,
)

_BY_CODE = {one.rule.code: one for one in chain(*_FAMILIES)}

PAGES: Mapping[str, Page] = dict(sorted(_BY_CODE.items()))
"""The page of each rule, in the order of the codes."""
