"""Somebody walks the page with a real browser, and does with it what can be done to a Pack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from hack.localcluster import ControlPlane, Postgres
from hack.packrepo import pack
from tests.e2e.attune import install_core
from tests.e2e.pack import Pack
from tests.e2e.site import Site, installed
from tests.page.visitor import Visitor, chromium, visiting


@pytest.fixture(scope="module")
def served(packs_served: ControlPlane, postgres: Postgres) -> Iterator[Site]:
    """A site whose controller answers."""
    with installed(packs_served, postgres, http_listen="127.0.0.1:0") as site:
        install_core(site.database)
        site.controller.start()
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser."""
    with chromium() as found:
        yield found


@pytest.fixture
def visitor(browser: Browser, served: Site) -> Iterator[Visitor]:
    """A tab, in which nothing must go wrong."""
    with visiting(browser, served.controller.wait_for_line("listening")["http"]) as tab:
        yield tab
        assert tab.complaints == []


@pytest.fixture
def followed(served: Site, ref: str) -> Pack:
    """A Pack with two revisions, of which the second has one workflow more."""
    repo = served.repo(ref)
    repo.commit(pack(ref, workflows=1), "Begin")
    followed = served.follow(ref)
    followed.wait()
    repo.commit(pack(ref, workflows=2), "Add a <b>second</b> one")
    followed.reconcile()
    return followed


def access(site: Site, account: str, verbs: str) -> str:
    """The token of a new service account that may do so much."""
    kubectl, place = site.control_plane.kubectl, ("-n", site.namespace)
    kubectl("create", "serviceaccount", account, *place)
    kubectl("create", "role", account, f"--verb={verbs}", "--resource=packs.attune.io", *place)
    whom = f"--serviceaccount={site.namespace}:{account}"
    kubectl("create", "rolebinding", account, f"--role={account}", whom, *place)
    return site.control_plane.service_account_token(site.namespace, account)


def _part(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("region", name=name, exact=True)


def _press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name, exact=True).click()


def test_a_pack_tells_its_past_and_its_workflows(
    visitor: Visitor, served: Site, ref: str, followed: Pack
) -> None:
    visitor.sign_in(access(served, ref, "get,list"))
    visitor.page.get_by_label("Search").fill(ref)
    visitor.page.get_by_role("link", name=ref).click()
    expect(visitor.page.locator(".state")).to_contain_text("Succeeded")
    expect(visitor.page.get_by_text("You may look at this pack")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Sync now")).to_have_count(0)
    for kind in ("Ready", "Fetched", "Validated", "Synced"):
        expect(visitor.page.get_by_text(f"{kind} is True")).to_be_visible()
    rows = _part(visitor, "Revisions").locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Add a <b>second</b> one")

    _press(visitor, "What revision 2 changed")
    expect(visitor.page.locator(".diff .entry.create")).to_have_count(1)
    workflows = _part(visitor, "Workflows").locator("tbody tr")
    expect(workflows).to_have_count(2)
    workflows.first.get_by_role("button").click()
    picture = visitor.page.locator(".graph img")
    picture.wait_for()
    assert "Begins with" in (picture.get_attribute("alt") or "")
    assert picture.evaluate("async one => (await one.decode(), one.naturalWidth)") > 50
    assert visitor.barriers() == []
    assert followed.read()


def test_who_may_update_rolls_back_and_suspends(
    visitor: Visitor, served: Site, ref: str, followed: Pack
) -> None:
    visitor.sign_in(access(served, ref, "get,list,update"), f"/?pack={ref}")
    _press(visitor, "What revision 2 changed")
    change = visitor.page.locator(".diff .entry")
    change.wait_for()
    _press(visitor, "Roll back to revision 1")
    dialog = visitor.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Roll {ref} back to revision 1?")
    assert visitor.barriers() == []
    dialog.get_by_role("button", name="Roll back").click()
    followed.wait_until(lambda seen: seen.status.workflow_count == 1)
    rows = _part(visitor, "Revisions").locator("tbody tr")
    expect(rows).to_have_count(3)  # without a reload
    expect(change).to_be_visible()  # and what was open still is
    _press(visitor, "Follow Git again")
    expect(rows).to_have_count(4)

    _press(visitor, "Suspend")
    expect(visitor.page.locator(".badge.paused")).to_be_visible()
    followed.wait("Ready", "False", "Suspended")
    _press(visitor, "Resume")
    followed.wait("Ready", "True", "Succeeded")
    expect(visitor.page.locator(".state .badge.true")).to_be_visible()


def test_what_is_wrong_in_a_file_is_told_where(
    visitor: Visitor, served: Site, ref: str, followed: Pack
) -> None:
    text = f"ref: {ref}.bad\nlabel: Bad\nversion: 1.0.0\ntasks: 7\n"
    served.repo(ref).commit({"workflows/bad.yaml": text})
    visitor.sign_in(access(served, ref, "get,list,update"), f"/?pack={ref}")
    _press(visitor, "Sync now")
    expect(visitor.page.locator("#said")).to_contain_text("workflows/bad.yaml:4")
    problem = _part(visitor, "Problems in the files").locator("li.error")
    expect(problem.first).to_contain_text("4:")
    expect(problem.first.locator(".meant")).to_have_text("    4  tasks: 7")
    assert followed.read()
    assert visitor.barriers() == []
