"""Everything about a pack that can be checked: pure, total, sorted.

May import `load`, `workflow`, `pack` and `errors`. This is the door of the room.
"""

from controller.validate.checked import Checked, CheckedManifest, InvalidFile
from controller.validate.manifest import check_manifest
from controller.validate.memo import Memo, Recall
from controller.validate.pack import check_pack

__all__ = [
    "Checked",
    "CheckedManifest",
    "InvalidFile",
    "Memo",
    "Recall",
    "check_manifest",
    "check_pack",
]
