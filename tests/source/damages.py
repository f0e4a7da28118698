"""Ways to spoil a mirror: by chance, by a version that was there before, and on purpose.

Each takes the mirror's folder and a folder beside the cache, where nothing may ever change.
"""

from __future__ import annotations

import shutil
import subprocess
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.source.packs import BLOB, KINDS, TREE, Packed, index, oid, pack

Damage = Callable[[Path, Path], object]

CONTENT = b"1" * 3000
"""Of the file `v`, when the damage is done."""


def _only(mirror: Path, pattern: str) -> Path:
    (path,) = mirror.glob(pattern)
    path.chmod(0o600)
    return path


def _flip(pattern: str, place: float, mirror: Path, _: Path) -> None:
    """Flip a bit at a part of a file, or so many bytes before its end."""
    path = _only(mirror, pattern)
    content = bytearray(path.read_bytes())
    content[int(place if place < 0 else place * (len(content) - 1))] ^= 0x10
    path.write_bytes(content)


def _cut(pattern: str, place: float, mirror: Path, _: Path) -> None:
    path = _only(mirror, pattern)
    content = path.read_bytes()
    path.write_bytes(content[: int(place * len(content))])


def _remove(pattern: str, mirror: Path, _: Path) -> None:
    for path in list(mirror.glob(pattern)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _write(name: str, content: bytes, mirror: Path, _: Path) -> None:
    (mirror / name).parent.mkdir(parents=True, exist_ok=True)
    (mirror / name).write_bytes(content)


def _spoil_references(mirror: Path, _: Path) -> None:
    for reference in mirror.glob("refs/pack/*"):
        reference.write_bytes(b"rubbish")


def _empty_references(mirror: Path, _: Path) -> None:
    for reference in mirror.glob("refs/pack/*"):
        reference.write_bytes(b"")


def _link(mirror: Path, outside: Path) -> None:
    """The mirror is a link to a folder elsewhere, with files that a sweep would take."""
    shutil.copytree(mirror, outside / "else", dirs_exist_ok=True)
    (outside / "else/shallow.lock").touch()
    shutil.rmtree(mirror)
    mirror.symlink_to(outside / "else")


def _link_inside(name: str, mirror: Path, outside: Path) -> None:
    shutil.move(mirror / name, outside / "moved")
    (mirror / name).symlink_to(outside / "moved")


def _become_a_file(mirror: Path, _: Path) -> None:
    shutil.rmtree(mirror)
    mirror.write_bytes(b"a file")


def _borrow(name: str, mirror: Path, outside: Path) -> None:
    """Objects come from another repository, and only from there."""
    shutil.copytree(mirror / "objects", outside / "objects")
    _remove("objects/pack/*", mirror, outside)
    _write(name, f"{outside}/objects\n".encode(), mirror, outside)


def _configure(text: str, mirror: Path, outside: Path) -> None:
    config = text.format(marker=f"touch {outside}/marker", outside=outside)
    (mirror / "config").write_text(f"[core]\n\tbare = true\n{config}")


def _hook(mirror: Path, outside: Path) -> None:
    for name in ("reference-transaction", "post-checkout", "post-index-change"):
        _write(f"hooks/{name}", f"#!/bin/sh\ntouch {outside}/marker\n".encode(), mirror, outside)
        (mirror / "hooks" / name).chmod(0o700)


def _loose(mirror: Path, outside: Path) -> None:
    """An object by itself, which git streams and whose size lies."""
    blob = oid("blob", CONTENT)
    _remove("objects/pack/*.idx", mirror, outside)
    content = zlib.compress(b"blob 900000\0" + CONTENT)
    _write(f"objects/{blob[:2]}/{blob[2:]}", content, mirror, outside)


def _objects(mirror: Path) -> dict[str, Packed]:
    """Everything in the mirror's pack, by object id."""
    git = ["git", f"--git-dir={mirror}", "cat-file", "--batch-all-objects", "--batch"]
    rest = subprocess.run(git, capture_output=True, check=True).stdout
    found = {}
    while rest:
        head, _, rest = rest.partition(b"\n")
        name, kind, size = head.decode().split()
        found[name] = Packed(KINDS[kind], rest[: int(size)])
        rest = rest[int(size) + 1 :]
    return found


def _forge(
    old: bytes,
    new: bytes,
    mirror: Path,
    outside: Path,
    *,
    size: int | None = None,
    kind: int | None = None,
) -> None:
    """One object says something else, under the id that it had."""
    objects = _objects(mirror)
    (changed,) = (name for name, one in objects.items() if old in one.content)
    honest = objects[changed]
    content = honest.content.replace(old, new)
    forged = replace(honest, content=content, size=size, kind=honest.kind if kind is None else kind)
    _repack(objects | {changed: forged}, mirror, outside)


def _forge_tree(mirror: Path, outside: Path) -> None:
    """The folder names another file, which is there and sound."""
    evil = Packed(BLOB, b"0" * 3000)
    _repack(_objects(mirror) | {evil.oid: evil}, mirror, outside)
    _forge(bytes.fromhex(oid("blob", CONTENT)), bytes.fromhex(evil.oid), mirror, outside)


def _repack(objects: dict[str, Packed], mirror: Path, outside: Path) -> None:
    content = pack(objects.values())
    offsets, offset = {}, 12
    for name, one in objects.items():
        offsets[name] = offset
        offset += len(one.data)
    _remove("objects/pack/*", mirror, outside)
    name = f"objects/pack/pack-{content[-20:].hex()}"
    _write(f"{name}.pack", content, mirror, outside)
    _write(f"{name}.idx", index(content, offsets), mirror, outside)
    _write(f"{name}.promisor", b"", mirror, outside)


PACK, INDEX = "objects/pack/*.pack", "objects/pack/*.idx"
_PARTS = [0, 0.1, 0.3, 0.5, 0.7, 0.9, -1]

DAMAGES: dict[str, Damage] = {
    **{f"flip a bit of the pack at {part}": partial(_flip, PACK, part) for part in _PARTS},
    **{f"flip a bit of the index at {part}": partial(_flip, INDEX, part) for part in _PARTS},
    **{f"cut the pack at {part}": partial(_cut, PACK, part) for part in (0, 0.5, 0.95)},
    **{f"cut the index at {part}": partial(_cut, INDEX, part) for part in (0, 0.5, 0.95)},
    "remove the objects": partial(_remove, "objects/pack/*"),
    "remove the pack": partial(_remove, PACK),
    "remove the index": partial(_remove, INDEX),
    "remove the folder of objects": partial(_remove, "objects"),
    "remove HEAD": partial(_remove, "HEAD"),
    "remove the references": partial(_remove, "refs"),
    "remove the config": partial(_remove, "config"),
    "rubbish in HEAD": partial(_write, "HEAD", b"rubbish"),
    "rubbish in the references": _spoil_references,
    "empty references": _empty_references,
    "rubbish in packed-refs": partial(_write, "packed-refs", b"rubbish\n"),
    "rubbish in shallow": partial(_write, "shallow", b"rubbish\n"),
    "empty shallow": partial(_write, "shallow", b""),
    "another commit in shallow": partial(_write, "shallow", b"1" * 40 + b"\n"),
    "rubbish as a commit graph": partial(_write, "objects/info/commit-graph", b"rubbish"),
    "rubbish as an index of packs": partial(_write, "objects/pack/multi-pack-index", b"rubbish"),
    "a newer format": partial(_configure, "\trepositoryformatversion = 9\n"),
    "the config of an older version": partial(_configure, '[remote "origin"]\n\turl = x\n'),
    "a command in the config": partial(
        _configure, '\tfsmonitor = "{marker}"\n\tsshCommand = "{marker}"\n\tpager = "{marker}"\n'
    ),
    "another address in the config": partial(
        _configure, '[url "http://127.0.0.1:1/x"]\n\tinsteadOf = http://127.0.0.1\n'
    ),
    "another config included": partial(_configure, "[include]\n\tpath = {outside}/config\n"),
    "hooks": _hook,
    "objects of another repository": partial(_borrow, "objects/info/alternates"),
    "objects of another server": partial(_borrow, "objects/info/http-alternates"),
    "grafts": partial(_write, "info/grafts", b"1" * 40 + b"\n"),
    "a link in place of the mirror": _link,
    "a link in place of the objects": partial(_link_inside, "objects"),
    "a link in place of the references": partial(_link_inside, "refs"),
    "a link in place of the config": partial(_link_inside, "config"),
    "a file in place of the mirror": _become_a_file,
    "an object outside of packs": _loose,
    "another content of a file": partial(_forge, CONTENT, b"0" * 3000),
    "a smaller size of a file": partial(_forge, CONTENT, CONTENT, size=2000),
    "a larger size of a file": partial(_forge, CONTENT, CONTENT, size=900_000),
    "a size of a file that is not fetched": partial(_forge, CONTENT, CONTENT, size=2_000_000),
    "another kind of a file": partial(_forge, CONTENT, CONTENT, kind=TREE),
    "another file in a folder": _forge_tree,
    "another name in a folder": partial(_forge, b" v\0", b" w\0"),
    "another author of a commit": partial(_forge, b"author Ada", b"author Eve"),
}
