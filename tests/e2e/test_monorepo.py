"""Many Packs on one repository: what a commit costs those that it leaves alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hack.gitserver import Service
from hack.packrepo import PackRepo, pack, workflow_yaml
from tests.e2e.attune import install_core
from tests.e2e.conftest import MakeSite
from tests.e2e.dying import DyingController
from tests.e2e.site import Site
from tests.e2e.waiting import eventually

_REPO = "mono"
_FOLDERS = ("alpha", "beta", "gamma")
_QUIET = [
    "prepare", "roll_back", "fetch", "pass_over", "compare", "patch_status", "patch_status done",
]  # fmt: skip


def test_a_commit_elsewhere_costs_a_pack_its_revision_in_the_status(
    make_site: MakeSite, tmp_path: Path
) -> None:
    site = _prepared(make_site(leader_election="false", workers="1"))
    packs = {name: site.follow(name, repo=_REPO, git={"path": name}) for name in _FOLDERS}
    with DyingController(site.controller.settings, tmp_path) as controller:
        before = {name: one.wait() for name, one in packs.items()}
        rows = {name: site.everything(name) for name in _FOLDERS}
        controller.arm()
        looks = site.git.count(_REPO, Service.LIST_REFS)
        fetched = _packs_in(site)
        commit = site.repo(_REPO).commit({"alpha/workflows/new.yaml": workflow_yaml("alpha.new")})
        packs["alpha"].request()
        for one in packs.values():
            one.wait(revision=commit)
        others = [name for name in _FOLDERS if name != "alpha"]
        eventually(lambda: controller.points().count("patch_status done 3"), controller.points)
        assert _after(controller.points(), "patch_status done") == _twice(_QUIET)
        assert site.git.count(_REPO, Service.LIST_REFS) == looks + 1
        assert _packs_in(site) == fetched + 1
    assert set(site.definitions("alpha")) == {"alpha.workflow_001", "alpha.new"}
    for name in others:
        assert site.everything(name) == rows[name]
        moved = packs[name].read()
        assert moved
        assert moved.status.moved
        assert moved.status.history == before[name].status.history


def test_the_row_of_a_pack_names_the_tree_of_its_folder(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit({f"{ref}/{path}": text for path, text in pack(ref, workflows=1).items()})
    followed = site.follow(ref, git={"path": ref})
    followed.wait()
    checksums = [_checksum(site, ref)]
    assert checksums == [_computed(repo, ref)]

    # A file that is no part of the pack's rows is one of its tree.
    repo.commit({f"{ref}/docs/notes.md": "Notes"})
    second = followed.reconcile()
    checksums.append(_checksum(site, ref))
    assert checksums[1] == _computed(repo, ref) != checksums[0]
    assert {one.number for one in second.status.history} == {1}

    repo.commit({"elsewhere.md": "Notes"})
    followed.reconcile()
    assert _checksum(site, ref) == checksums[1]


def _checksum(site: Site, ref: str) -> str:
    row, _, _ = site.everything(ref)
    assert row
    return str(row["checksum"])


def _computed(repo: PackRepo, folder: str) -> str:
    """As docs/database.md has it."""
    tree = repo.git("rev-parse", f"main:{folder}").strip()
    return hashlib.sha256(f"{tree}\n".encode()).hexdigest()


def test_packs_of_many_branches_share_a_mirror(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site(leader_election="false")
    repo = site.repo(_REPO)
    for name in _FOLDERS:
        repo.commit(pack(name, workflows=1), branch=name)
    packs = [site.follow(name, repo=_REPO, git={"ref": {"branch": name}}) for name in _FOLDERS]
    with DyingController(site.controller.settings, tmp_path):
        for one in packs:
            one.wait()
    mirrors = list(Path(site.controller.settings["cache_dir"]).glob("*.git"))
    assert len(mirrors) == 1


def _prepared(site: Site) -> Site:
    # Its actions are all there, so that nothing is looked up again and again.
    install_core(site.database)
    site.repo(_REPO).commit(
        {
            f"{name}/{path}": text
            for name in _FOLDERS
            for path, text in pack(name, workflows=1).items()
        }
    )
    return site


def _packs_in(site: Site) -> int:
    cache = Path(site.controller.settings["cache_dir"])
    return len(list(cache.glob("*.git/objects/pack/*.pack")))


def _after(points: list[str], point: str) -> list[str]:
    """The runs that follow the one that ended with it and tidied up, without the numbers of
    repeated points."""
    following = points[points.index(point) + 1 :]
    begun = next(at for at, one in enumerate(following) if one.startswith("prepare"))
    return [one.rstrip(" 0123456789") for one in following[begun:]]


def _twice(points: list[str]) -> list[str]:
    return [*points, *points]
