"""`packctl.toml`: what a pack's authors want of its validation. Pure, total.

May import `load`, `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.load.select import Selection
from controller.pack.diagnostic import Diagnostic
from controller.validate.policy import Levels


@dataclass(frozen=True, slots=True)
class CheckedSettings:
    """What the file says, and what is wrong with it."""

    severities: Levels = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def check_settings(selection: Selection, contents: Mapping[str, bytes]) -> CheckedSettings:
    """Check `packctl.toml`; `contents` has its blob, when there is one."""
    del selection, contents
    return CheckedSettings()
