"""Takes the pictures of docs/page.md: `make pictures`. No test; it is one to have a site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Page

from hack.localcluster import ControlPlane, Postgres
from hack.packrepo import pack, pack_yaml, workflow_yaml
from tests.e2e.attune import install_core
from tests.e2e.site import Site, installed
from tests.e2e.test_page import access
from tests.page.visitor import Visitor, chromium, visiting

_DOCS = Path(__file__).parents[2] / "docs" / "pictures"
_GOOD = {"accounts": 12, "ledger": 7, "mail": 3, "onboarding": 9, "reporting": 21, "search": 4}


def test_take_the_pictures(packs_served: ControlPlane, postgres: Postgres) -> None:
    with (
        installed(packs_served, postgres, http_listen="127.0.0.1:0") as site,
        chromium() as browser,
    ):
        install_core(site.database)
        site.controller.start()
        _fill(site)
        token = access(site, "ada", "get,list,update")
        address = site.controller.wait_for_line("listening")["http"]
        _DOCS.mkdir(exist_ok=True)
        for look in ("light", "dark"):
            with visiting(browser, address, dark=look == "dark") as visitor:
                visitor.sign_in(token)
                visitor.page.locator("tbody tr").nth(len(_GOOD) + 1).wait_for()
                _shoot(visitor.page, f"list-{look}")
                _open_pack(visitor)
                _shoot(visitor.page, f"pack-{look}", full_page=True)


def _open_pack(visitor: Visitor) -> None:
    visitor.open("/?pack=payments")
    for name in ("What revision 2 changed", "Graph of payments.capture"):
        visitor.page.get_by_role("button", name=name).click()
    visitor.page.locator(".graph img").wait_for()
    visitor.page.locator(".meant").first.wait_for()


def _shoot(page: Page, name: str, **how: Any) -> None:
    page.screenshot(path=_DOCS / f"{name}.png", **how)


def _fill(site: Site) -> None:
    for ref, workflows in _GOOD.items():
        site.repo(ref).commit(pack(ref, workflows), "Begin")
        site.follow(ref).wait()
    site.repo("archive").commit(pack("archive", 2), "Begin")
    site.follow("archive", suspend=True).wait("Ready", "False", "Suspended")
    repo = site.repo("payments")
    repo.commit(_payments("1.4.0", tasks=_TASKS[:2]), "Capture what was authorised")
    followed = site.follow("payments")
    followed.wait()
    repo.commit(_payments("1.5.0", tasks=_TASKS), "Tell people when a capture fails")
    followed.reconcile()
    repo.commit({"workflows/refund.yaml": _REFUND}, "Refund what was captured")
    followed.reconcile()


_ECHO = {"action": "core.echo", "input": {"message": "{{ parameters.message }}"}}
_TASKS: list[dict[str, Any]] = [
    {
        "name": "capture",
        **_ECHO,
        "next": [
            {"when": "{{ succeeded() }}", "do": ["book"]},
            {"when": "{{ failed() }}", "do": ["tell"]},
        ],
    },
    {"name": "book", **_ECHO},
    {"name": "tell", **_ECHO, "next": [{"when": "{{ succeeded() }}", "do": ["book"]}]},
]


def _payments(version: str, tasks: list[dict[str, Any]]) -> dict[str, str]:
    known = {task["name"] for task in tasks}
    chosen = [
        {**task, "next": [one for one in task.get("next", []) if known >= set(one["do"])]}
        for task in tasks
    ]
    capture = workflow_yaml("payments.capture", label="Capture").split("tasks:")[0]
    capture += yaml.safe_dump({"tasks": chosen}, sort_keys=False)
    label, text = "Payments", "Moves money, and tells people about it."
    return {
        "pack.yaml": pack_yaml("payments", version, label=label, description=text),
        "workflows/capture.yaml": capture,
        "workflows/report.yaml": workflow_yaml("payments.report", label="Report"),
    }


_REFUND = """ref: payments.refund
label: Refund
version: 1.0.0
tasks:
  - name: refund
    acton: core.echo
    input:
      message: "{{ parameters.message }}"
"""
