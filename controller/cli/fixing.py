"""The fixes of a pack's workflow files: made in place, or shown as a diff."""

from __future__ import annotations

import difflib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from controller.cli.output import fail, screen
from controller.cli.targets import Target
from controller.errors import PackError
from controller.fix import Fixed, fix
from controller.load.select import select
from controller.pack.source import Look


@dataclass(frozen=True, slots=True)
class Repair:
    """One workflow file for which there is a fix, or one that was withheld."""

    name: str
    path: Path | None
    before: str
    fixed: Fixed

    @property
    def diff(self) -> str:
        """The change as a unified diff that `git apply` and `patch -p1` take; empty if none."""
        lines = difflib.unified_diff(
            _lines(self.before),
            _lines(self.fixed.text),
            f"a/{self.name}",
            f"b/{self.name}",
        )
        return "".join(_whole(line) for line in lines)


def repairs(targets: Iterable[Target]) -> Iterator[Repair]:
    """What there is to repair in the workflow files of these packs."""
    for target in targets:
        for file, text in _texts(target):
            fixed = fix(text)
            if fixed.applied or fixed.withheld:
                path = target.folder / file if target.folder else None
                yield Repair(target.at(file), path, text, fixed)


def tell(repair: Repair) -> None:
    """Say on standard error what was fixed, and what could not be."""
    err = screen(stderr=True)
    fixed = (("fixed", "green", one) for one in repair.fixed.applied)
    withheld = (("not fixed", "yellow", one) for one in repair.fixed.withheld)
    for word, style, one in (*fixed, *withheld):
        place = f"{repair.name}:{one.line}: "
        said = Text.assemble((place, "bold"), (word, style), f" {one.name.value}: {one.message}")
        err.print(said, soft_wrap=True)


def write(repair: Repair) -> None:
    """Put the fixed text into its file, at once and with the file's mode."""
    if repair.path is None or repair.fixed.text == repair.before:
        return
    try:
        _replace(repair.path, repair.fixed.text.encode())
    except OSError as error:
        fail(OSError(f"{repair.name} cannot be written ({error.strerror}). Make it writable."))


def _texts(target: Target) -> Iterator[tuple[str, str]]:
    limit = target.asked.spec.validation.max_file_bytes
    try:
        chosen = select(target.asked.source.observe(Look()).tree, max_file_size=limit).workflows
        entries = [one.entry for one in chosen if target.only in (None, one.entry.path)]
        contents = target.asked.source.read([one.oid for one in entries])
    except PackError as error:
        fail(error)
    for entry in entries:
        try:
            yield entry.path, contents[entry.oid].decode()
        except UnicodeDecodeError:
            # The check says what is wrong with it.
            continue


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".packctl-", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        new.chmod(path.stat().st_mode)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _lines(text: str) -> list[str]:
    """As diff and patch count them: a line ends with a line feed, whatever YAML thinks of it."""
    return io.StringIO(text, newline="\n").readlines()


def _whole(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
