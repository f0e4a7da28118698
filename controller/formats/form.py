"""The formats by name. Imports the neighbours, those with large libraries only when asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from controller.formats.github import github
from controller.formats.gitlab import gitlab
from controller.formats.listing import listing
from controller.formats.results import Results


class Form(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"


Machine = Literal[Form.JSON, Form.SARIF, Form.GITHUB, Form.GITLAB, Form.JUNIT]
"""The formats that programs read."""


def document(results: Results, form: Machine) -> str:
    """The whole report in one of the formats for programs; ends with a line break unless empty."""
    match form:
        case Form.JSON:
            return listing(results)
        case Form.GITHUB:
            return github(results)
        case Form.GITLAB:
            return gitlab(results)
        case Form.SARIF:
            return _sarif(results)
        case Form.JUNIT:
            return _junit(results)


def _sarif(results: Results) -> str:
    # Building the models of SARIF takes longer than checking a small pack.
    from controller.formats.sarif import sarif

    return sarif(results)


def _junit(results: Results) -> str:
    from controller.formats.junit import junit

    return junit(results)
