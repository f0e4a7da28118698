"""`--verify-mode` and `--verify-keys`: whose signatures a repository must have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from controller.cli.output import fail
from controller.pack.spec import VerificationMode
from controller.source.signatures.policy import Policy

_PANEL = "Signatures of repositories"

VerifyMode = Annotated[
    VerificationMode | None,
    typer.Option(
        help="What must be signed: the commit (HEAD, the default), the annotated tag, or both.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
VerifyKeys = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="Take only what is signed by a key in it: OpenPGP public keys, or allowed_signers of "
        "ssh-keygen. Can be given several times.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]


def policy(mode: VerificationMode | None, files: list[Path] | None) -> Policy | None:
    """What the options ask for; ends the command where they cannot be used."""
    if not files:
        if mode is not None:
            fail(ValueError("--verify-mode needs keys to verify with: add --verify-keys FILE."))
        return None
    try:
        keys = {str(file): file.read_bytes() for file in files}
    except OSError as error:
        fail(OSError(f"{error.filename} cannot be read ({error.strerror}). Name another file."))
    return Policy(mode or VerificationMode.HEAD, keys)
