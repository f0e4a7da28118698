"""What packctl says of an example of a rule's page: the example is checked as a pack would be."""

from __future__ import annotations

import hashlib

from controller.explain import Example, Page
from controller.formats import finding
from controller.load.select import select
from controller.pack.spec import ValidationSpec
from controller.pack.tree import Entry, EntryKind, PackTree, Revision
from controller.validate import (
    Checked,
    Installed,
    InstalledPack,
    Memo,
    check_manifest,
    check_pack,
    check_settings,
    examine,
)

_NOWHERE = Revision("", "0" * 40)
_WIDTH = 100


def said_of(page: Page) -> str:
    """What packctl prints of the page's rule for its bad example."""
    found = _check(page.bad).diagnostics
    lines = {path: _text(content).splitlines() for path, content in page.bad.pack.items()}
    said = [finding(one, lines, _WIDTH).plain for one in found if one.rule is page.rule]
    return "\n\n".join(said)


def _text(content: str | bytes | EntryKind) -> str:
    return "" if isinstance(content, EntryKind) else _bytes(content).decode(errors="replace")


def _check(example: Example) -> Checked:
    """The whole of the validation, without a source to fetch from."""
    files = {path: _entry(path, content) for path, content in example.pack.items()}
    entries = tuple(files[path] for path in sorted(files))
    contents = {
        files[path].oid: _bytes(content)
        for path, content in example.pack.items()
        if not isinstance(content, EntryKind)
    }
    limit = ValidationSpec().max_file_bytes
    selection = select(PackTree(_NOWHERE, None, "", entries), max_file_size=limit)
    manifest = check_manifest(selection, contents, expected_ref=example.spec_ref)
    recall = Memo().recall(selection, manifest.ref)
    examined = examine(manifest, check_settings(selection, contents), contents, recall)
    known = None if example.database is None else dict.fromkeys(example.database)
    packs = {
        ref: InstalledPack(version, tuple(needs))
        for ref, (version, *needs) in example.packs.items()
    }
    installed = None if example.database is None else Installed(packs)
    return check_pack(examined, {}, known, installed)


def _entry(path: str, content: str | bytes | EntryKind) -> Entry:
    if isinstance(content, EntryKind):
        return Entry(path, content, path)
    data = _bytes(content)
    return Entry(path, EntryKind.FILE, hashlib.sha256(data).hexdigest(), len(data))


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
