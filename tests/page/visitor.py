"""Somebody who looks at the page with a real browser, and hears what the browser complains of."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_PATIENCE = 30_000
expect.set_options(timeout=_PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. `make chromium` installs one."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    assert program, "There is no Chromium: `make chromium` says how to get one."
    with sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = driver.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Visitor:
    """One tab, with nothing kept from others; `complaints` are errors that no answer caused."""

    page: Page
    place: str
    complaints: list[str]

    def open(self, path: str = "/") -> None:
        """Go to a path of the controller."""
        self.page.goto(f"http://{self.place}{path}")

    def sign_in(self, token: str, path: str = "/") -> None:
        """Give the token that the page asks for."""
        self.open(path)
        self.page.get_by_label("Token").fill(token)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name="Sign out").wait_for()

    def barriers(self) -> list[str]:
        """What axe finds that keeps people out, as it is shown now."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]

    def sees(self, *refs: str) -> None:
        """Wait until the list shows these packs, in this order."""
        expect(self.page.locator("tbody th a")).to_have_text(list(refs))


@contextmanager
def visiting(browser: Browser, place: str, *, dark: bool = False) -> Iterator[Visitor]:
    """A new tab."""
    context = browser.new_context(
        color_scheme="dark" if dark else "light", viewport={"width": 1280, "height": 800}
    )
    context.set_default_timeout(_PATIENCE)
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    try:
        yield Visitor(page, place, complaints)
    finally:
        context.close()
