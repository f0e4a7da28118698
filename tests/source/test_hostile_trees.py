"""Repositories made to do harm: names, modes, sizes and shapes that no person would commit."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import Reason, Stalled
from controller.pack.tree import EntryKind
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitTarget
from tests.source.backend import backend
from tests.source.repository import Repository
from tests.source.watched import MEBIBYTE, watching

FILE = "100644"
TIMEOUT = 15.0
"""Seconds for everything a fetch does; walking what is made to be endless takes hours."""

Tree = Callable[[Repository, str], str]
"""Makes a tree in a repository; the second argument is a blob in it."""


def source(mirrors: Mirrors, repository: Repository, path: str = "") -> GitSource:
    return GitSource(mirrors, GitTarget(repository.url, path=path, timeout=TIMEOUT))


def refusal(source: GitSource) -> Stalled:
    with pytest.raises(Stalled) as refused:
        source.fetch()
    assert refused.value.hint
    return refused.value


def named(name: bytes, mode: str = FILE) -> Tree:
    return lambda repository, blob: repository.raw_tree((mode, name, blob))


def items(*given: tuple[str, bytes]) -> Tree:
    return lambda repository, blob: repository.raw_tree(
        *((mode, name, blob) for mode, name in given)
    )


REFUSED: dict[str, tuple[Tree, str]] = {
    "..": (named(b".."), "hasDotdot"),
    ".": (named(b"."), "hasDot"),
    ".git": (named(b".git"), "hasDotgit"),
    ".GIT": (named(b".GIT"), "hasDotgit"),
    "short name on NTFS": (named(b"git~1"), "hasDotgit"),
    "trailing dot and space on NTFS": (named(b".git. "), "hasDotgit"),
    "stream on NTFS": (named(b".git::$INDEX_ALLOCATION"), "hasDotgit"),
    "ignored character on HFS+": (named(".g\u200cit".encode()), "hasDotgit"),
    "path as a name": (named(b"a/b"), "fullPathname"),
    "link as .gitmodules": (named(b".gitmodules", "120000"), "gitmodulesSymlink"),
    "one name twice": (items((FILE, b"a"), (FILE, b"a")), "duplicateEntries"),
    "one name as file and folder": (
        lambda repository, blob: repository.raw_tree(
            (FILE, b"a", blob), ("40000", b"a", repository.tree({}))
        ),
        "duplicateEntries",
    ),
    "names out of order": (items((FILE, b"b"), (FILE, b"a")), "treeNotSorted"),
    "mode with a zero before it": (named(b"a", "0100644"), "zeroPaddedFilemode"),
    "submodule of nothing": (
        lambda repository, _: repository.raw_tree(("160000", b"a", "0" * 40)),
        "nullSha1",
    ),
}


@pytest.mark.parametrize(("tree", "word"), REFUSED.values(), ids=REFUSED.keys())
def test_what_git_calls_dangerous_is_refused_and_named(
    repository: Repository, mirrors: Mirrors, tree: Tree, word: str
) -> None:
    blob = repository.blob(b"x")
    oid = tree(repository, blob)
    repository.commit(oid)
    refused = refusal(source(mirrors, repository))
    assert refused.reason is Reason.PACK_INVALID
    assert f"object {oid}: {word}" in refused.message


def test_a_file_that_is_a_folder_inside_is_refused(
    repository: Repository, mirrors: Mirrors
) -> None:
    folder = repository.files({"inner": b""})
    repository.commit(repository.raw_tree((FILE, b"\x1b[2Jpack.yaml", folder)))
    refused = refusal(source(mirrors, repository))
    assert refused.reason is Reason.PACK_INVALID
    assert "pack.yaml' in" in refused.message
    assert "is a tree by its content" in refused.message
    assert "\x1b" not in refused.message


LISTED: dict[str, tuple[str, bytes, str, EntryKind]] = {
    "control characters": (FILE, b"\x1b[2J\n", "\x1b[2J\n", EntryKind.FILE),
    "not UTF-8": (FILE, b"\xff\xfe", "\\xff\\xfe", EntryKind.FILE),
    "backslashes": (FILE, b"..\\..\\x", "..\\..\\x", EntryKind.FILE),
    "longer than a file system takes": (FILE, b"n" * 5000, "n" * 5000, EntryKind.FILE),
    "odd permissions": ("100777", b"a", "a", EntryKind.FILE),
    "no mode that git knows": ("60000", b"a", "a", EntryKind.SUBMODULE),
    "link as .gitattributes": ("120000", b".gitattributes", ".gitattributes", EntryKind.SYMLINK),
}


@pytest.mark.parametrize(("mode", "name", "path", "kind"), LISTED.values(), ids=LISTED.keys())
def test_what_is_only_odd_is_listed_as_it_is(
    repository: Repository, mirrors: Mirrors, mode: str, name: bytes, path: str, kind: EntryKind
) -> None:
    repository.commit(repository.raw_tree((mode, name, repository.blob(b"x"))))
    (entry,) = source(mirrors, repository).fetch().entries
    assert (entry.path, entry.kind) == (path, kind)


def test_names_are_bytes_and_neither_case_nor_unicode_makes_two_of_them_one(
    repository: Repository, mirrors: Mirrors
) -> None:
    composed, decomposed = (unicodedata.normalize(form, "é") for form in ("NFC", "NFD"))
    names = ["A", "a", composed, decomposed]
    repository.push({f"workflows/{name}.yaml": name.encode() for name in names})
    read = source(mirrors, repository)
    files = {entry.path: entry.oid for entry in read.fetch().entries if entry.size >= 0}
    assert files.keys() == {f"workflows/{name}.yaml" for name in names}
    assert set(read.read(list(files.values())).values()) == {name.encode() for name in names}


def test_attributes_change_nothing_of_what_is_read(
    repository: Repository, mirrors: Mirrors, tmp_path: Path
) -> None:
    """No filter, no line endings, no keyword, no encoding: what is read is what was committed."""
    repository.git("config", "filter.evil.smudge", f"touch {tmp_path}/marker")
    content = b"a: 1\r\n$Id$\n\xe4\n"
    attributes = b"* text eol=crlf ident filter=evil working-tree-encoding=UTF-16 diff=evil\n"
    repository.push({".gitattributes": attributes, "workflows/a.yaml": content})
    read = source(mirrors, repository)
    oids = {entry.path: entry.oid for entry in read.fetch().entries}
    assert read.read([oids["workflows/a.yaml"]])[oids["workflows/a.yaml"]] == content
    assert not (tmp_path / "marker").exists()


def bomb(repository: Repository, blob: str) -> str:
    """A tree of 10 levels with 10 names each: 10,000,000,000 files out of 12 objects."""
    entry = (FILE, blob)
    for _ in range(10):
        entry = ("040000", repository.tree({str(number): entry for number in range(10)}))
    return entry[1]


def flat(repository: Repository, blob: str) -> str:
    return repository.raw_tree(*((FILE, b"%06d" % number, blob) for number in range(100_000)))


@pytest.mark.parametrize("path", ["", "3/1/4/1/5/9/2/6/5/3", "3/1/4"])
def test_a_tree_of_ten_thousand_million_files_costs_what_is_looked_at(
    repository: Repository, mirrors: Mirrors, path: str
) -> None:
    repository.commit(bomb(repository, repository.blob(b"x")))
    with watching() as peak:
        found = refusal(source(mirrors, repository, path)) if path.count("/") > 8 else None
        if found is None:
            assert len(source(mirrors, repository, path).fetch().entries) == 10
        else:
            assert found.reason is Reason.PATH_NOT_FOUND
    assert peak.size < 64 * MEBIBYTE


@pytest.mark.parametrize(
    ("place", "listed"),
    [("docs", True), ("workflows/deep", True), ("", False), ("workflows", False)],
)
def test_a_hundred_thousand_names_count_only_where_they_are_listed(
    repository: Repository, mirrors: Mirrors, place: str, listed: bool
) -> None:
    oid = flat(repository, repository.blob(b"x"))
    for part in reversed(place.split("/") if place else []):
        oid = repository.tree({part: ("040000", oid)})
    repository.commit(oid)
    with watching() as peak:
        if listed:
            assert source(mirrors, repository).fetch().entries
        else:
            assert refusal(source(mirrors, repository)).reason is Reason.LIMIT_EXCEEDED
    assert peak.size < 64 * MEBIBYTE


def test_a_folder_too_large_to_read_on_the_way_is_named(
    repository: Repository, mirrors: Mirrors
) -> None:
    blob = repository.blob(b"x")
    names = ((FILE, b"%0200d" % number, blob) for number in range(30_000))
    repository.commit(repository.raw_tree(*names))
    refused = refusal(source(mirrors, repository, "packs/payments"))
    assert refused.reason is Reason.LIMIT_EXCEEDED
    assert "on the way to the pack" in refused.message


def test_a_zip_bomb_that_the_server_does_not_leave_out_is_never_in_memory(
    tmp_path: Path, mirrors: Mirrors
) -> None:
    size = 200 * 1000 * 1000
    repository = Repository(tmp_path / "zeros")
    repository.git("config", "uploadpack.allowFilter", "false")
    repository.push({"workflows/zeros.yaml": b"\0" * size, "pack.yaml": b"ref: a\n"})
    with backend(tmp_path) as server, watching() as peak:
        target = GitTarget(server.url("zeros"), timeout=4 * TIMEOUT)
        read = GitSource(mirrors, target)
        sizes = {entry.path: entry.size for entry in read.fetch().entries}
    assert sizes == {"pack.yaml": 7, "workflows": -1, "workflows/zeros.yaml": size}
    assert peak.seen > 3
    assert peak.size < 64 * MEBIBYTE
