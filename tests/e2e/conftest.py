"""A controller for each module, or for one test that takes its world apart."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hack.localcluster import ControlPlane, Postgres
from tests.e2e.attune import install_core
from tests.e2e.site import Site, installed

_CRD = Path(__file__).parents[2] / "crds" / "attune.io_packs.yaml"

MakeSite = Callable[..., Site]


@pytest.fixture(scope="session")
def packs_served(control_plane: ControlPlane) -> ControlPlane:
    """An API server that serves Packs."""
    control_plane.kubectl("apply", "--server-side", "-f", str(_CRD))
    control_plane.wait_served("-f", str(_CRD))
    return control_plane


@pytest.fixture(scope="module")
def site(packs_served: ControlPlane, postgres: Postgres) -> Iterator[Site]:
    """The site of a module, its controller running; tests name their packs and Packs apart.

    Its database is one of Attune's, with the action that the packs of the tests call. Those that
    `make_site` gives are empty.
    """
    with installed(packs_served, postgres) as made:
        install_core(made.database)
        made.controller.start()
        yield made


@pytest.fixture
def make_site(packs_served: ControlPlane, postgres: Postgres) -> Iterator[MakeSite]:
    """Make a site that is the test's own; keywords are settings. Its controller is not started."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(installed(packs_served, postgres, **settings))


@pytest.fixture
def own_site(make_site: MakeSite) -> Site:
    """A site that is this test's own, its controller running."""
    made = make_site()
    made.controller.start()
    return made


@pytest.fixture
def ref() -> str:
    """A name that only this test has: of its Pack, its repository and its pack."""
    return f"p{secrets.token_hex(4)}"
