"""Many Packs at once: who waits for a change goes first, and one bad host holds up nobody."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest
from kubernetes import client

from hack.gitserver import GitServer
from hack.packrepo import Content, pack_yaml, workflow_yaml
from tests.e2e.conftest import MakeSite
from tests.e2e.pack import Pack
from tests.e2e.site import Site
from tests.e2e.waiting import eventually

_CROWD = 200
_REPOSITORIES = 4
_HANGING = 50
_LAST_OF_THE_EDITED = _CROWD // 2
"""By when the edited Pack must have been applied; behind the list it would be the last."""


@pytest.fixture
def quiet_site(make_site: MakeSite) -> Site:
    """A site whose controller, with two workers, is not started."""
    return make_site(workers="2")


def test_an_edit_goes_ahead_of_the_list_at_the_start(quiet_site: Site) -> None:
    site = quiet_site
    packs = _crowd(site, _CROWD)
    site.controller.start()
    edited = packs[-1]
    eventually(lambda: _applied(site), site.controller.text)
    edited.request()
    edited.wait(seconds=60)
    place = _applied(site).index(edited.name)
    assert place < _LAST_OF_THE_EDITED
    eventually(lambda: len(_applied(site)) == _CROWD, lambda: len(_applied(site)), seconds=90)


def test_a_repository_that_hangs_holds_up_no_other(make_site: MakeSite) -> None:
    site = make_site(workers="8")
    site.repo("stuck").commit(_folders("stuck", 1))
    site.git.hang("stuck")
    stuck = [site.follow(f"a-stuck-{number:02}", repo="stuck") for number in range(_HANGING)]
    site.controller.start()
    eventually(lambda: site.git.count("stuck"), site.controller.text)
    for one in _crowd(site, 20):
        one.wait()
    assert all(_untold(one) for one in stuck)
    assert site.git.count("stuck") == 1, "one look is for all"


def test_hosts_that_hang_hold_up_no_other(make_site: MakeSite, tmp_path: Path) -> None:
    """Nobody has heard of any of them; each may take some workers, and none may take all."""
    site = make_site(workers="16")
    with ExitStack() as stack:
        hanging = [stack.enter_context(GitServer(tmp_path)) for _ in range(3)]
        places = list(itertools.product(hanging, range(6)))
        for server, number in places:
            server.hang(f"stuck-{number}")
        stuck = [
            site.follow(f"a-stuck-{place:02}", git={"url": server.url(f"stuck-{number}")})
            for place, (server, number) in enumerate(places)
        ]
        site.controller.start()
        for server in hanging:
            eventually(partial(_asked, server), site.controller.text)
        for one in _crowd(site, 20):
            one.wait()
        assert all(_untold(one) for one in stuck)


def test_a_namespace_whose_hosts_all_hang_holds_up_no_other(
    make_site: MakeSite, tmp_path: Path
) -> None:
    """As many hosts as there are workers: it takes three quarters of them, and the rest works."""
    site = make_site(workers="4")
    greedy = _neighbour(site)
    with ExitStack() as stack:
        hanging = [stack.enter_context(GitServer(tmp_path)) for _ in range(4)]
        for number, server in enumerate(hanging):
            server.hang("stuck-0")
            greedy.follow(f"stuck-{number}", git={"url": server.url("stuck-0")}, timeout="10m")
        site.controller.start()
        eventually(lambda: sum(map(_asked, hanging)) == 3, site.controller.text)
        for one in _crowd(site, 8):
            one.wait()
        assert sum(map(_asked, hanging)) == 3


def _neighbour(site: Site) -> Site:
    """Another namespace that the controller of `site` watches, too."""
    other = replace(site, namespace=f"{site.namespace}-too")
    named = client.V1ObjectMeta(name=other.namespace)
    client.CoreV1Api(site.api).create_namespace(client.V1Namespace(metadata=named))
    site.controller.settings["namespaces"] = f"{site.namespace},{other.namespace}"
    return other


def _asked(server: GitServer) -> bool:
    return any(server.count(f"stuck-{number}") for number in range(6))


def _untold(pack: Pack) -> bool:
    seen = pack.read()
    return seen is not None and seen.summary() == {}


def _crowd(site: Site, size: int) -> Sequence[Pack]:
    """Packs that share a few repositories, each with a folder of its own."""
    each = size // _REPOSITORIES
    for number in range(_REPOSITORIES):
        site.repo(f"crowd-{number}").commit(_folders(f"crowd{number}", each))
    places = itertools.product(range(_REPOSITORIES), range(each))
    return [
        site.follow(
            f"crowd-{number}-{folder:02}",
            repo=f"crowd-{number}",
            git={"path": f"pack_{folder:02}"},
        )
        for number, folder in places
    ]


def _folders(prefix: str, packs: int) -> dict[str, Content]:
    """One small pack in each of so many folders."""
    files: dict[str, Content] = {}
    for number in range(packs):
        folder, ref = f"pack_{number:02}", f"{prefix}_{number:02}"
        files[f"{folder}/pack.yaml"] = pack_yaml(ref)
        files[f"{folder}/workflows/only.yaml"] = workflow_yaml(f"{ref}.only", tasks=1)
    return files


def _applied(site: Site) -> list[str]:
    """The names of the Packs in the order in which their rows came."""
    text = "SELECT to_regclass('attune_gitops.claims') IS NOT NULL"
    with psycopg.connect(site.database) as connection:
        row = connection.execute(text).fetchone()
        if not row or not row[0]:
            return []
        text = "SELECT owner_name FROM attune_gitops.claims ORDER BY applied_at"
        return [name for (name,) in connection.execute(text)]
