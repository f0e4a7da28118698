"""The options of several commands, and those of `packctl validate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from controller.formats import Form

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH|URL",
        help="Folders, files of packs, Git repositories; the current folder when there is none.",
        show_default=False,
    ),
]

_HOW, _WHAT, _GIT, _DO = "Output", "Rules", "For a URL", "Modes"

FormFlag = Annotated[
    Form,
    typer.Option("-f", "--format", "-o", "--output", help="How to print it.", rich_help_panel=_HOW),
]
OutputFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write it there; people still get the text on standard output, unless -q.",
        show_default=False,
        rich_help_panel=_HOW,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("-q", "--quiet", help="Findings only: no summary.", rich_help_panel=_HOW),
]
Statistics = Annotated[
    bool,
    typer.Option(
        "--statistics", help="Count findings by rule, and list none.", rich_help_panel=_HOW
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Warnings fail, too (exit code 1).", rich_help_panel=_WHAT)
]
Severities = Annotated[
    list[str] | None,
    typer.Option(
        "--severity",
        metavar="CODE=LEVEL",
        help="Make of a rule an error, warn, or ignore it: ATT512=error. Has the last word over "
        "packctl.toml and comments. Can be given several times.",
        show_default=False,
        rich_help_panel=_WHAT,
    ),
]
Ref = Annotated[
    str | None,
    typer.Option(
        help="The ref that pack.yaml must have.", show_default=False, rich_help_panel=_WHAT
    ),
]
MaxFileSize = Annotated[str, typer.Option(help="Largest file.", rich_help_panel=_WHAT)]
Database = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Look up actions of other packs in Attune's database, which is only read. Nothing is "
        "looked up without it, whatever the environment says.",
        show_default=False,
        rich_help_panel=_WHAT,
    ),
]
Branch = Annotated[
    str | None, typer.Option(help="Branch.", show_default=False, rich_help_panel=_GIT)
]
Tag = Annotated[str | None, typer.Option(help="Tag.", show_default=False, rich_help_panel=_GIT)]
Semver = Annotated[
    str | None,
    typer.Option(
        metavar="RANGE",
        help="Range of versions, such as ^1.2: the newest tag in it. Pre-releases count where the "
        "range names one: '>=1.0.0-0'.",
        show_default=False,
        rich_help_panel=_GIT,
    ),
]
FullName = Annotated[
    str | None,
    typer.Option(
        "--name",
        metavar="REF",
        help="Full name of a reference, such as refs/pull/7/head.",
        show_default=False,
        rich_help_panel=_GIT,
    ),
]
Commit = Annotated[
    str | None, typer.Option(help="Commit, its full id.", show_default=False, rich_help_panel=_GIT)
]
PathInside = Annotated[
    str,
    typer.Option(help="The pack's folder in it.", show_default=False, rich_help_panel=_GIT),
]
Fix = Annotated[
    bool,
    typer.Option(
        "--fix", help="Make the safe fixes in the files, then check.", rich_help_panel=_DO
    ),
]
Diff = Annotated[
    bool,
    typer.Option(
        "--diff",
        help="Print what --fix would change, and nothing else; 1 if anything.",
        rich_help_panel=_DO,
    ),
]
Watch = Annotated[
    bool,
    typer.Option("--watch", help="Check again at each change, until Ctrl-C.", rich_help_panel=_DO),
]
Stdin = Annotated[
    bool,
    typer.Option(
        "--stdin",
        help="Check one file as it comes on standard input, in the pack around its name.",
        rich_help_panel=_DO,
    ),
]
StdinFilename = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Its name: workflows/deploy.yaml.",
        show_default=False,
        rich_help_panel=_DO,
    ),
]
