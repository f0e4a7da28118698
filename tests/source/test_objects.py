from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.pack.tree import Commit, EntryKind
from controller.source.objects import TreeItem, object_id, parse_commit, parse_tree

MODES = {
    b"100644": EntryKind.FILE,
    b"100755": EntryKind.FILE,
    b"40000": EntryKind.FOLDER,
    b"120000": EntryKind.SYMLINK,
    b"160000": EntryKind.SUBMODULE,
}
NAMES = st.binary(min_size=1).filter(lambda name: b"\0" not in name)


@given(
    st.lists(st.tuples(st.sampled_from(list(MODES)), NAMES, st.binary(min_size=20, max_size=20)))
)
def test_every_item_of_a_tree_is_found(items: list[tuple[bytes, bytes, bytes]]) -> None:
    content = b"".join(mode + b" " + name + b"\0" + oid for mode, name, oid in items)
    assert list(parse_tree(content)) == [
        TreeItem(name.decode(errors="backslashreplace"), MODES[mode], oid.hex())
        for mode, name, oid in items
    ]


@pytest.mark.parametrize(
    "content", [b"", b"hello\n", b"\0" * 70_000], ids=["empty", "text", "zeros"]
)
@pytest.mark.parametrize(("form", "digits"), [("sha1", 40), ("sha256", 64)])
def test_an_id_is_the_one_that_git_gives(
    tmp_path: Path, content: bytes, form: str, digits: int
) -> None:
    subprocess.run(["git", "init", "-q", f"--object-format={form}", tmp_path], check=True)
    answer = subprocess.run(
        ["git", "-C", tmp_path, "hash-object", "--stdin"],
        input=content,
        check=True,
        capture_output=True,
    )
    assert object_id("blob", content, digits=digits) == answer.stdout.decode().strip()


COMMITS = {
    "plain": (
        b"tree 0\nauthor A B <a@b> 1700000000 +0100\ncommitter C <c@d> 1 +0000\n\nAdd x\n\nbody",
        Commit("A B", datetime.fromtimestamp(1_700_000_000, UTC), "Add x"),
    ),
    "no name": (b"author <a@b> 5 +0000\n\ns", Commit("", datetime.fromtimestamp(5, UTC), "s")),
    "odd bytes": (
        b"author \xff <a@b> 5 +0000\n\n\xe9",
        Commit("\ufffd", datetime.fromtimestamp(5, UTC), "\ufffd"),
    ),
    "no time fits": (
        b"author A <a> 999999999999 +0000\n\n",
        Commit("A", datetime.fromtimestamp(0, UTC), ""),
    ),
    "nothing": (b"", Commit("", datetime.fromtimestamp(0, UTC), "")),
    "author in message": (
        b"tree 0\n\nauthor X <x> 7 +0000",
        Commit("", datetime.fromtimestamp(0, UTC), "author X <x> 7 +0000"),
    ),
}


@pytest.mark.parametrize(("content", "commit"), COMMITS.values(), ids=COMMITS.keys())
def test_commits(content: bytes, commit: Commit) -> None:
    assert parse_commit(content) == commit
