"""The examples of docs/severities.md do what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from controller.pack.diagnostic import Level
from controller.pack.spec import ValidationSpec
from controller.validate import operator_levels
from tests.validate.packs import WORKFLOW, check

PAGE = (Path(__file__).parents[2] / "docs" / "severities.md").read_text()
POLICY, COMMENTED, SETTINGS = re.findall(r"```(?:yaml|toml)\n(.*?)```", PAGE, re.DOTALL)


def _codes(workflow: str, settings: str = "") -> list[str]:
    checked = check({"workflows/w.yaml": workflow, "packctl.toml": settings})
    return [one.rule.code for one in checked.diagnostics]


def test_the_pack_says_what_it_seems_to_say() -> None:
    wanted = ValidationSpec.model_validate(yaml.safe_load(POLICY)["spec"]["validation"])
    assert operator_levels(wanted.severities, wanted.unknown_actions) == {
        "ATT206": Level.ERROR,
        "ATT404": Level.WARN,
        "ATT512": Level.ERROR,
    }


def test_the_comments_cover_what_is_wrong() -> None:
    assert _codes(re.sub("# attune.*", "", COMMENTED)) == ["ATT206", "ATT206", "ATT307"]
    assert _codes(COMMENTED) == []


def test_the_settings_silence_a_version() -> None:
    odd = WORKFLOW.replace("1.0.0", "1")
    assert _codes(odd) == ["ATT212"]
    assert _codes(odd, SETTINGS) == []
