"""Results → what is printed, what is written, and what the command ends with."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

from controller.cli.output import Exit, fail, list_findings, say_why, screen
from controller.formats import Form, Results, document, statistics, summary


@dataclass(frozen=True, slots=True)
class Reporting:
    """How results are told: `form` goes to `file`, or to standard output.

    With a file, people still read the text on standard output, unless `quiet`. `aside`: something
    else is printed there, so all of this goes to standard error.
    """

    form: Form = Form.TEXT
    file: Path | None = None
    quiet: bool = False
    statistics: bool = False
    aside: bool = False

    def tell(self, results: Results) -> Exit:
        """Print and write all of it."""
        for pack in results.unable:
            if pack.failure is not None:
                say_why(pack.failure, pack.name)
        if self.file is not None:
            self._write(self.file, results)
        if self.form is Form.TEXT or self.file is not None:
            if not (self.quiet and self.file is not None):
                self._print(results, screen(stderr=self.aside))
        else:
            typer.echo(document(results, self.form), nl=False, err=self.aside)
        return _code(results)

    def _print(self, results: Results, out: Console) -> None:
        if self.statistics:
            for line in statistics(results):
                out.print(line, soft_wrap=True)
        else:
            list_findings(results, out)
        if not self.quiet:
            out.print(summary(results), soft_wrap=True)

    def _write(self, file: Path, results: Results) -> None:
        try:
            file.write_text(self._content(results), "utf-8", newline="\n")
        except OSError as error:
            fail(OSError(f"{file} cannot be written ({error.strerror}). Name another file."))

    def _content(self, results: Results) -> str:
        if self.form is not Form.TEXT:
            return document(results, self.form)
        page = io.StringIO()
        self._print(results, Console(file=page, force_terminal=False, highlight=False))
        return page.getvalue()


def _code(results: Results) -> Exit:
    if results.unable:
        return Exit.UNABLE
    return Exit.REFUSED if results.failed else Exit.GOOD
