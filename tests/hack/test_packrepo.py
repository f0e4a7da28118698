from __future__ import annotations

from pathlib import Path

import pytest

from hack.packrepo import PackRepo, Submodule, Symlink, pack, pack_yaml, workflow_yaml
from tests.validate.packs import check


@pytest.fixture
def repo(tmp_path: Path) -> PackRepo:
    return PackRepo(tmp_path / "packs.git")


def listing(repo: PackRepo, commit: str) -> dict[str, str]:
    """Mode by path."""
    lines = repo.git("ls-tree", "-r", "-z", commit).rstrip("\0").split("\0")
    return {line.partition("\t")[2]: line[:6] for line in lines if line}


def test_a_commit_holds_every_kind_of_content(repo: PackRepo) -> None:
    commit = repo.commit(
        {
            "text.yaml": "a: ü\n",
            "folder/bytes": b"\xff\0",
            'odd "name"\\é\n': "x",
            "link": Symlink("text.yaml"),
            "module": Submodule("1" * 40),
        }
    )
    assert listing(repo, commit) == {
        "text.yaml": "100644",
        "folder/bytes": "100644",
        'odd "name"\\é\n': "100644",
        "link": "120000",
        "module": "160000",
    }
    assert repo.git("show", f"{commit}:text.yaml") == "a: ü"
    assert repo.git("show", f"{commit}:link") == "text.yaml"


def test_a_commit_keeps_what_it_does_not_name_and_removes_what_is_none(repo: PackRepo) -> None:
    first = repo.commit({"kept": "1", "gone": "1", "folder/a": "1", "folder/b": "1"})
    second = repo.commit({"gone": None, "folder": None, "new": "2"})
    assert set(listing(repo, second)) == {"kept", "new"}
    assert repo.git("rev-parse", f"{second}^") == first


def test_the_same_calls_make_the_same_commits(tmp_path: Path) -> None:
    def history(name: str) -> list[str]:
        repo = PackRepo(tmp_path / name)
        return [repo.commit({"a": "1"}), repo.commit({"a": "2"})]

    assert history("one") == history("two")


def test_author_time_and_message_are_as_given(repo: PackRepo) -> None:
    commit = repo.commit(
        {"a": "1"}, "Say hello", author="Ada <ada@example.com>", time=1_600_000_000
    )
    shown = repo.git("show", "--no-patch", "--format=%an|%ae|%at|%s", commit)
    assert shown == "Ada|ada@example.com|1600000000|Say hello"


def test_branches_move_to_where_they_are_forced_and_go_away(repo: PackRepo) -> None:
    first = repo.commit({"a": "1"})
    second = repo.commit({"a": "2"}, branch="side")
    repo.force("main", second)
    assert repo.head() == second != first
    repo.delete_branch("side")
    assert repo.find("refs/heads/side") is None


@pytest.mark.parametrize(
    ("message", "kind"), [(None, "commit"), ("Release", "tag")], ids=["lightweight", "annotated"]
)
def test_tags_lead_to_the_commit(repo: PackRepo, message: str | None, kind: str) -> None:
    first = repo.commit({"a": "1"})
    repo.commit({"a": "2"})
    repo.tag("v1", first, message=message)
    assert repo.git("cat-file", "-t", "v1") == kind
    assert repo.git("rev-parse", "v1^{commit}") == first


def test_a_repository_that_exists_is_opened_as_it_is(repo: PackRepo) -> None:
    commit = repo.commit({"a": "1"})
    assert PackRepo(repo.path).head() == commit


@pytest.mark.parametrize(("workflows", "tasks"), [(1, 1), (12, 8)])
def test_packs_are_valid_to_the_last_warning(workflows: int, tasks: int) -> None:
    checked = check(pack("demo", workflows, tasks), manifest=None)
    assert len(checked.workflows) == workflows
    assert not checked.diagnostics


def test_fields_are_added_replaced_and_left_out() -> None:
    assert "runtime_deps" in pack_yaml("demo", runtime_deps=["core"])
    assert "label" not in pack_yaml("demo", label=None)
    assert "2.0.0" in workflow_yaml("demo.a", version="2.0.0")
