"""Everything about a pack that can be checked: pure, total, sorted.

May import `load`, `workflow`, `pack` and `errors`. This is the door of the room.
"""

from controller.validate.checked import Checked, CheckedManifest, InvalidFile
from controller.validate.examined import Examined
from controller.validate.installed import Installed, InstalledPack, are_met
from controller.validate.manifest import check_manifest
from controller.validate.memo import Memo, Recall
from controller.validate.pack import check_pack, examine
from controller.validate.policy import Levels, operator_levels
from controller.validate.references import Known
from controller.validate.settings import CheckedSettings, check_settings

__all__ = [
    "Checked",
    "CheckedManifest",
    "CheckedSettings",
    "Examined",
    "Installed",
    "InstalledPack",
    "InvalidFile",
    "Known",
    "Levels",
    "Memo",
    "Recall",
    "are_met",
    "check_manifest",
    "check_pack",
    "check_settings",
    "examine",
    "operator_levels",
]
