"""What a `GitSource` gives for a repository's content, over the `file` transport."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import PackError, Reason, Stalled
from controller.pack.tree import EntryKind, PackTree
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from controller.source.urls import Scheme
from tests.source.repository import Repository

PACK = {"pack.yaml": b"ref: demo\n", "workflows/a.yaml": b"a: 1\n"}


def branch(name: str) -> GitReference:
    return GitReference(ReferenceKind.BRANCH, name)


def tag(name: str) -> GitReference:
    return GitReference(ReferenceKind.TAG, name)


def commit(oid: str) -> GitReference:
    return GitReference(ReferenceKind.COMMIT, oid)


def contents(source: GitSource) -> dict[str, bytes]:
    """Every file of the pack, by path."""
    tree = source.fetch()
    files = {entry.path: entry.oid for entry in tree.entries if entry.kind is EntryKind.FILE}
    found = source.read(list(files.values()))
    return {path: found[oid] for path, oid in files.items()}


def failure(action: Callable[[], object]) -> PackError:
    with pytest.raises(PackError) as failed:
        action()
    assert failed.value.hint
    return failed.value


def test_lists_and_reads_a_pack(repository: Repository, mirrors: Mirrors) -> None:
    oid = repository.push(PACK, message="Add the pack\n\nbody")
    source = GitSource(mirrors, GitTarget(repository.url))
    assert contents(source) == PACK
    tree = source.fetch()
    assert str(tree.revision) == f"main@sha1:{oid}"
    assert tree.tree_oid == repository.git("rev-parse", f"{oid}^{{tree}}")
    assert tree.commit is not None
    assert (tree.commit.author, tree.commit.subject) == ("Ada", "Add the pack")
    assert tree.commit.time.timestamp() == 1_700_000_000


def test_lists_four_folders_and_no_more(repository: Repository, mirrors: Mirrors) -> None:
    names = ["a", "workflows/b", "actions/c", "actions/workflows/d", "workflows/x/e", "docs/f"]
    repository.push({f"my packs/é/{name}": name.encode() for name in names} | {"other": b""})
    source = GitSource(mirrors, GitTarget(repository.url, path="my packs/é"))
    tree = source.fetch()
    assert [(entry.path, entry.kind.value, entry.size) for entry in tree.entries] == [
        ("a", "file", 1),
        ("actions", "folder", -1),
        ("actions/c", "file", 9),
        ("actions/workflows", "folder", -1),
        ("actions/workflows/d", "file", 19),
        ("docs", "folder", -1),
        ("workflows", "folder", -1),
        ("workflows/b", "file", 11),
        ("workflows/x", "folder", -1),
    ]


def test_links_and_submodules_are_shown_and_not_followed(
    repository: Repository, mirrors: Mirrors
) -> None:
    inner = repository.files({"a.yaml": b"a"})
    link = repository.blob(b"/etc/passwd")
    lines = {
        "pack.yaml": ("120000", link),
        "actions": ("160000", "1" * 40),
        "workflows": ("120000", repository.blob(b"real")),
        "real": ("040000", inner),
        "run.sh": ("100755", repository.blob(b"x")),
    }
    repository.commit(repository.tree(lines))
    tree = GitSource(mirrors, GitTarget(repository.url)).fetch()
    assert {entry.path: entry.kind for entry in tree.entries} == {
        "pack.yaml": EntryKind.SYMLINK,
        "actions": EntryKind.SUBMODULE,
        "workflows": EntryKind.SYMLINK,
        "real": EntryKind.FOLDER,
        "run.sh": EntryKind.FILE,
    }


def test_a_name_that_is_not_utf8_is_shown_escaped(repository: Repository, mirrors: Mirrors) -> None:
    lines = {"caf\udce9.yaml": ("100644", repository.blob(b"x"))}
    repository.commit(repository.tree(lines))
    tree = GitSource(mirrors, GitTarget(repository.url)).fetch()
    assert [entry.path for entry in tree.entries] == ["caf\\xe9.yaml"]


def test_a_large_file_is_listed_and_never_fetched(repository: Repository, cache: Path) -> None:
    repository.push(PACK | {"large": b"\0" * 5000, "limit": b"\1" * 1000})
    mirrors = Mirrors(cache, frozenset({Scheme.FILE}), max_file_size=1000)
    source = GitSource(mirrors, GitTarget(repository.url))
    sizes = {entry.path: entry for entry in source.fetch().entries}
    assert (sizes["large"].size, sizes["limit"].size) == (1001, 1000)
    assert source.read([sizes["limit"].oid]) == {sizes["limit"].oid: b"\1" * 1000}
    refused = failure(lambda: source.read([sizes["large"].oid]))
    assert refused.reason is Reason.LIMIT_EXCEEDED
    assert "large" in refused.message


def test_a_server_that_cannot_filter_serves_all(repository: Repository, cache: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "false")
    repository.push(PACK | {"large": b"\0" * 5000})
    mirrors = Mirrors(cache, frozenset({Scheme.FILE}), max_file_size=1000)
    tree = GitSource(mirrors, GitTarget(repository.url)).fetch()
    assert {entry.path: entry.size for entry in tree.entries}["large"] == 5000


def test_sha256_repositories(tmp_path: Path, mirrors: Mirrors) -> None:
    repository = Repository(tmp_path / "new", "sha256")
    oid = repository.push(PACK)
    source = GitSource(mirrors, GitTarget(repository.url))
    assert contents(source) == PACK
    assert str(source.fetch().revision) == f"main@sha256:{oid}"


def test_references(repository: Repository, mirrors: Mirrors) -> None:
    first = repository.push({"v": b"1"}, "main")
    second = repository.push({"v": b"2"}, "feature/x")
    repository.git("tag", "light", first)
    repository.git("tag", "-a", "-m", "note", "v1.0", second)
    repository.git("update-ref", "refs/heads/deep/refs/heads/main", second)

    def seen(reference: GitReference) -> str:
        source = GitSource(mirrors, GitTarget(repository.url, reference))
        return f"{source.fetch().revision} {contents(source)['v'].decode()}"

    assert seen(GitReference()) == f"main@sha1:{first} 1"
    assert seen(branch("main")) == f"main@sha1:{first} 1"
    assert seen(branch("feature/x")) == f"feature/x@sha1:{second} 2"
    assert seen(tag("light")) == f"light@sha1:{first} 1"
    assert seen(tag("v1.0")) == f"v1.0@sha1:{second} 2"
    assert seen(commit(second)) == f"sha1:{second} 2"


def test_follows_pushes_and_rewrites(repository: Repository, mirrors: Mirrors) -> None:
    source = GitSource(mirrors, GitTarget(repository.url, branch("main")))
    for version in (b"1", b"2", b"3"):
        repository.push({"v": version})
        repository.git("reflog", "expire", "--expire=now", "--all")
        repository.git("gc", "--quiet", "--prune=now")
        assert contents(source) == {"v": version}


def test_a_pinned_commit_needs_no_remote_once_it_is_here(
    repository: Repository, mirrors: Mirrors
) -> None:
    target = GitTarget(repository.url, commit(repository.push(PACK)))
    GitSource(mirrors, target).fetch()
    repository.path.rename(repository.path.with_name("away"))
    assert contents(GitSource(mirrors, target)) == PACK


def test_a_commit_is_found_although_the_server_gives_only_tips(
    repository: Repository, mirrors: Mirrors, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All branches are fetched to look for it, and however many they are, few files are kept."""
    monkeypatch.setattr("controller.source.environment._ALWAYS", (("protocol.version", "0"),))
    old = repository.push({"v": b"1"})
    child = repository.git("commit-tree", "-p", old, repository.files({"v": b"2"}), stdin=b"Second")
    branches = ["main", *(f"b{number}" for number in range(50))]
    moves = "".join(f"update refs/heads/{branch} {child}\n" for branch in branches)
    repository.git("update-ref", "--stdin", stdin=moves.encode())
    assert contents(GitSource(mirrors, GitTarget(repository.url, commit(old)))) == {"v": b"1"}
    assert sum(path.is_file() for path in cache.rglob("*")) < 20


def test_reading_without_a_fetch_fetches(repository: Repository, mirrors: Mirrors) -> None:
    repository.push(PACK)
    oid = repository.blob(PACK["pack.yaml"])
    source = GitSource(mirrors, GitTarget(repository.url))
    assert source.read([]) == {}
    assert source.read([oid, oid]) == {oid: PACK["pack.yaml"]}


def test_while_nothing_moves_the_mirror_is_left_alone(
    repository: Repository, mirrors: Mirrors, cache: Path
) -> None:
    repository.push(PACK)
    source = GitSource(mirrors, GitTarget(repository.url))
    tree = source.fetch()
    shutil.rmtree(cache)
    assert source.fetch() is tree
    assert not cache.exists()
    assert contents(source) == PACK


def test_after_a_push_the_few_files_that_count_are_at_hand(
    repository: Repository, mirrors: Mirrors, cache: Path
) -> None:
    repository.push(PACK)
    source = GitSource(mirrors, GitTarget(repository.url))
    source.fetch()
    assert source.read([repository.blob(PACK["pack.yaml"])])
    changed = PACK | {"workflows/a.yaml": b"a: 2\n"}
    repository.push(changed)
    source.fetch()
    shutil.rmtree(cache)
    assert contents(source) == changed
    assert not cache.exists()


def test_a_large_push_is_read_from_the_mirror(repository: Repository, mirrors: Mirrors) -> None:
    source = GitSource(mirrors, GitTarget(repository.url))
    for version in (b"1", b"2", b"3"):
        files = PACK | {f"workflows/{name}.yaml": name.encode() * 9000 + version for name in "abc"}
        repository.push(files)
        assert contents(source) == files


def test_two_packs_of_one_repository_share_a_mirror(
    repository: Repository, mirrors: Mirrors, cache: Path
) -> None:
    repository.push({"a/pack.yaml": b"a"}, "main")
    repository.push({"b/pack.yaml": b"b"}, "dev")
    first = GitSource(mirrors, GitTarget(repository.url, branch("main"), "a"))
    second = GitSource(mirrors, GitTarget(repository.url, branch("dev"), "b"))
    trees = first.fetch(), second.fetch()
    assert contents(first) == {"pack.yaml": b"a"}
    assert contents(second) == {"pack.yaml": b"b"}
    assert (first.fetch(), second.fetch()) == trees
    assert len(list(cache.glob("*.git"))) == 1


def missing_branch(repository: Repository) -> GitTarget:
    repository.push(PACK, "develop")
    repository.push(PACK, "main")
    return GitTarget(repository.url, branch("devlop"))


def missing_tag(repository: Repository) -> GitTarget:
    repository.git("tag", "v1.0", repository.push(PACK))
    return GitTarget(repository.url, tag("v1.1"))


def no_tags(repository: Repository) -> GitTarget:
    repository.push(PACK)
    return GitTarget(repository.url, tag("v1"))


def missing_commit(repository: Repository) -> GitTarget:
    repository.push(PACK)
    return GitTarget(repository.url, commit("1" * 40))


def a_blob_as_commit(repository: Repository) -> GitTarget:
    repository.push(PACK)
    return GitTarget(repository.url, commit(repository.blob(PACK["pack.yaml"])))


def a_tag_of_a_tree(repository: Repository) -> GitTarget:
    repository.push(PACK)
    repository.git("tag", "tree", repository.files(PACK))
    return GitTarget(repository.url, tag("tree"))


def head_of_nothing(repository: Repository) -> GitTarget:
    repository.push(PACK, "develop")
    return GitTarget(repository.url)


def empty(repository: Repository) -> GitTarget:
    return GitTarget(repository.url)


def missing_repository(repository: Repository) -> GitTarget:
    shutil.rmtree(repository.path)
    return GitTarget(repository.url)


def missing_path(repository: Repository) -> GitTarget:
    repository.push({"packs/payments/pack.yaml": b"", "packs/orders/pack.yaml": b""})
    return GitTarget(repository.url, path="packs/payment")


def file_as_path(repository: Repository) -> GitTarget:
    repository.push({"packs/payments": b""})
    return GitTarget(repository.url, path="packs/payments")


def path_below_a_file(repository: Repository) -> GitTarget:
    repository.push({"packs/payments": b""})
    return GitTarget(repository.url, path="packs/payments/x")


def link_as_path(repository: Repository) -> GitTarget:
    lines = {
        "link": ("120000", repository.blob(b"real")),
        "real": ("040000", repository.files(PACK)),
    }
    repository.commit(repository.tree(lines))
    return GitTarget(repository.url, path="link")


def path_through_a_link(repository: Repository) -> GitTarget:
    link_as_path(repository)
    return GitTarget(repository.url, path="link/workflows")


def submodule_as_path(repository: Repository) -> GitTarget:
    repository.commit(repository.tree({"sub": ("160000", "1" * 40)}))
    return GitTarget(repository.url, path="sub")


def dangerous_name(repository: Repository) -> GitTarget:
    repository.commit(repository.tree({".git": ("100644", repository.blob(b"x"))}))
    return GitTarget(repository.url)


def too_many_names(repository: Repository) -> GitTarget:
    one = ("100644", repository.blob(b""))
    repository.commit(repository.tree({f"{number:05}": one for number in range(20_001)}))
    return GitTarget(repository.url)


WRONG = [
    (missing_branch, Reason.REF_NOT_FOUND, "develop"),
    (missing_tag, Reason.REF_NOT_FOUND, "v1.0"),
    (no_tags, Reason.REF_NOT_FOUND, "no tags"),
    (missing_commit, Reason.REF_NOT_FOUND, "1" * 40),
    (a_blob_as_commit, Reason.REF_NOT_FOUND, "blob"),
    (a_tag_of_a_tree, Reason.REF_NOT_FOUND, "tree"),
    (head_of_nothing, Reason.REF_NOT_FOUND, "HEAD"),
    (empty, Reason.EMPTY_REPOSITORY, "empty"),
    (missing_repository, Reason.REPOSITORY_NOT_FOUND, "no repository"),
    (missing_path, Reason.PATH_NOT_FOUND, "packs/payments"),
    (file_as_path, Reason.PATH_NOT_FOUND, "is a file"),
    (path_below_a_file, Reason.PATH_NOT_FOUND, "is a file"),
    (link_as_path, Reason.PATH_NOT_FOUND, "is a symlink"),
    (path_through_a_link, Reason.PATH_NOT_FOUND, "is a symlink"),
    (submodule_as_path, Reason.PATH_NOT_FOUND, "is a submodule"),
    (dangerous_name, Reason.PACK_INVALID, "hasDotgit"),
    (too_many_names, Reason.LIMIT_EXCEEDED, "20,000"),
]


@pytest.mark.parametrize(("make", "reason", "says"), WRONG, ids=[row[0].__name__ for row in WRONG])
def test_what_is_wrong_with_the_content_stalls_and_says_where(
    repository: Repository,
    mirrors: Mirrors,
    make: Callable[[Repository], GitTarget],
    reason: Reason,
    says: str,
) -> None:
    source = GitSource(mirrors, make(repository))
    refused = failure(source.fetch)
    assert isinstance(refused, Stalled)
    assert refused.reason is reason
    assert says in str(refused)
    assert repository.url in refused.message


def test_the_next_fetch_after_a_wrong_one_works(repository: Repository, mirrors: Mirrors) -> None:
    source = GitSource(mirrors, missing_path(repository))
    failure(source.fetch)
    repository.push({"packs/payment/pack.yaml": b"x"})
    tree: PackTree = source.fetch()
    assert [entry.path for entry in tree.entries] == ["pack.yaml"]
