"""A pack from a few files, checked the way a reconcile does it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from controller.load.select import select
from controller.pack.diagnostic import Diagnostic
from controller.pack.tree import Entry, EntryKind, PackTree, Revision
from controller.validate import (
    Checked,
    CheckedManifest,
    CheckedSettings,
    Installed,
    Known,
    Levels,
    Memo,
    Recall,
    check_manifest,
    check_pack,
    check_settings,
    examine,
)

MANIFEST = 'ref: demo\nlabel: Demo\nversion: "1.0.0"\n'
TASK = "tasks: [{name: a, action: core.echo}]\n"
WORKFLOW = f'version: "1.0.0"\n{TASK}'
MAX_FILE_SIZE = 1024 * 1024

Content = str | bytes | EntryKind
Said = list[tuple[str, str]]


def entry(path: str, content: Content) -> Entry:
    if isinstance(content, EntryKind):
        return Entry(path, content, hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest())
    data = as_bytes(content)
    oid = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return Entry(path, EntryKind.FILE, oid, len(data))


def as_bytes(content: Content) -> bytes:
    assert not isinstance(content, EntryKind)
    return content.encode() if isinstance(content, str) else content


def tree(files: Mapping[str, Content]) -> PackTree:
    entries = sorted((entry(path, content) for path, content in files.items()), key=_path)
    return PackTree(Revision("main", "0" * 40), None, "1" * 40, tuple(entries))


def _path(one: Entry) -> str:
    return one.path


def check(
    files: Mapping[str, Content],
    *,
    expected_ref: str | None = None,
    memo: Memo | None = None,
    manifest: str | None = MANIFEST,
    levels: Levels | None = None,
    known: Known | None = None,
    installed: Installed | None = None,
) -> Checked:
    """`levels` is what the operator makes of rules, `known` what a database has of actions and
    `installed` what it has of packs."""
    everything = dict(files) if manifest is None else {"pack.yaml": manifest, **files}
    contents = {
        entry(path, content).oid: as_bytes(content)
        for path, content in everything.items()
        if not isinstance(content, EntryKind)
    }
    selection = select(tree(everything), max_file_size=MAX_FILE_SIZE)
    found = check_manifest(selection, contents, expected_ref=expected_ref)
    recall = (memo or Memo()).recall(selection, found.ref)
    missing = {oid: contents[oid] for oid in recall.missing}
    examined = examine(found, check_settings(selection, contents), missing, recall)
    return check_pack(examined, levels or {}, known, installed)


def check_recalled(
    manifest: CheckedManifest, contents: Mapping[str, bytes], recall: Recall
) -> Checked:
    """A pack without settings and without a database."""
    return check_pack(examine(manifest, CheckedSettings(), contents, recall), {}, None)


def check_one(content: Content, *, file: str = "workflows/w.yaml") -> Checked:
    return check({file: content})


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return sorted(one.rule.code for one in found)


def said(checked: Checked) -> Said:
    """Each diagnostic as its code and its place in the document."""
    return sorted((one.rule.code, one.path) for one in checked.diagnostics)
