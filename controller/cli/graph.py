"""`packctl graph`: one workflow as a picture."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.output import Exit, complain, fail
from controller.graph import Graph, TooLarge, graph_of, to_dot, to_mermaid, to_svg
from controller.load.files import workflow_name
from controller.load.text import decode
from controller.load.tree import parse
from controller.pack.diagnostic import Category
from controller.pack.report import Report
from controller.workflow.build import build

_STANDARD = "-"


class Picture(StrEnum):
    """The languages that a graph can be written in."""

    MERMAID = "mermaid"
    DOT = "dot"
    SVG = "svg"


_WRITERS: dict[Picture, Callable[[Graph], str]] = {
    Picture.MERMAID: to_mermaid,
    Picture.DOT: to_dot,
    Picture.SVG: to_svg,
}


def graph(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A workflow file; - reads standard input.")
    ],
    form: Annotated[
        Picture, typer.Option("-f", "--format", help="The language of the picture.")
    ] = Picture.MERMAID,
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", help="Where to write it; - is standard output.")
    ] = _STANDARD,
) -> None:
    """Draw one workflow: its tasks, what leads from one to the next, and when.

    Problems of the file go to standard error. What is known of its tasks is drawn all the same,
    and a target that does not exist stands out. Exit codes: 0 drawn, 1 the file has errors, 2 a
    file cannot be read or written, or the graph is too large for SVG.

    Examples:

      packctl graph workflows/deploy.yaml

      packctl graph workflows/deploy.yaml --format svg --out deploy.svg
    """
    report = Report("standard input" if file == _STANDARD else file)
    known = _graph(_read(file), report)
    # What is wrong inside an expression changes nothing of the picture: `validate` tells of it.
    found = [one for one in report.diagnostics() if one.rule.category is not Category.EXPRESSIONS]
    complain(found)
    if known is not None and known.nodes:
        _write(_drawn(known, form), out)
    raise typer.Exit(Exit.REFUSED if any(one.is_error for one in found) else Exit.GOOD)


def _graph(data: bytes, report: Report) -> Graph | None:
    text = decode(data, report)
    document = None if text is None else parse(text, report)
    workflow = None if document is None else build(document, report)
    return (
        None if workflow is None else graph_of(workflow, workflow_name(report.file) or report.file)
    )


def _drawn(known: Graph, form: Picture) -> str:
    try:
        return _WRITERS[form](known)
    except TooLarge as error:
        fail(ValueError(f"The graph has {error}. Use `--format dot` and Graphviz."))


def _read(file: str) -> bytes:
    if file == _STANDARD:
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        fail(OSError(f"{file} cannot be read ({error.strerror}). Name a workflow file, or -."))


def _write(text: str, out: str) -> None:
    if out == _STANDARD:
        typer.echo(text.encode(), nl=False)
        return
    try:
        Path(out).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        fail(OSError(f"{out} cannot be written ({error.strerror}). Name another file."))
