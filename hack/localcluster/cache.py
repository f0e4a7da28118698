"""Where finished programs are kept between runs. Imports the standard library."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Sequence
from pathlib import Path

_MODULE = Path(__file__).with_name("go")


def root() -> Path:
    """`ATTUNE_PACK_CONTROLLER_CACHE`, else a folder in the user's cache (XDG's standard)."""
    own = os.environ.get("ATTUNE_PACK_CONTROLLER_CACHE")
    if own:
        return Path(own).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "attune-pack-controller"


def program_folder(build_flags: Sequence[str]) -> Path:
    """The folder of the programs that exactly these sources and flags build on this machine."""
    digest = hashlib.sha256(repr((platform.system(), platform.machine(), build_flags)).encode())
    for source in ("go.mod", "go.sum", "etcd/main.go"):
        digest.update((_MODULE / source).read_bytes())
    return root() / "bin" / digest.hexdigest()[:16]
