"""Bytes → text: the encoding, the byte order mark, and pointers to files kept elsewhere. Pure.

May import `pack`.
"""

from __future__ import annotations

from controller.pack import rules
from controller.pack.diagnostic import Place, Span
from controller.pack.report import Report

# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md: the key `version` comes first.
_LFS_HEADER = b"version https://git-lfs.github.com/spec/"
_BOM = b"\xef\xbb\xbf"


def decode(data: bytes, report: Report) -> str | None:
    """The text of a file without its byte order mark; None, with a diagnostic, when it has none."""
    if data.startswith(_LFS_HEADER):
        message = "the repository holds a Git LFS pointer here, not the file itself"
        report.add(rules.LFS_POINTER, None, message, hint="Take YAML files out of Git LFS.")
        return None
    body = data.removeprefix(_BOM)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        message = f"byte 0x{body[error.start]:02x} is not UTF-8"
        hint = "Save the file as UTF-8."
        report.add(rules.NOT_UTF8, _place(body, error.start), message, hint=hint)
        return None


def _place(body: bytes, offset: int) -> Place:
    before = body[:offset]
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode()) + 1
    return Place(Span(line, column, line, column + 1))
