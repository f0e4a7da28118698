"""The list of packs, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from controller.pack.identity import PackKey
from tests.page.conftest import Place, Visit

_HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"


def test_all_packs_stand_there_with_their_state(place: Place, visit: Visit) -> None:
    place.put("broken", status="False", reason="ValidationFailed", message="3 errors.")
    visitor = visit()
    visitor.sign_in("readerreader")
    visitor.sees("broken", "demo")  # what is wrong comes first
    row = visitor.page.get_by_role("row", name="broken")
    expect(row).to_contain_text("Not ready")
    expect(row).to_contain_text("ValidationFailed")
    expect(visitor.page.get_by_role("button", name="2 All")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="1 Not ready")).to_be_visible()


def test_what_is_looked_for_is_in_the_address(place: Place, visit: Visit) -> None:
    place.put("broken", status="False", reason="ValidationFailed", message="3 errors.")
    visitor = visit()
    visitor.sign_in("readerreader")
    visitor.page.get_by_label("Search").fill("validationf")
    expect(visitor.page).to_have_url(f"http://{place.address}/?q=validationf")
    visitor.sees("broken")
    visitor.page.get_by_label("Search").fill("")
    visitor.page.get_by_role("button", name="1 Ready").click()
    visitor.sees("demo")
    visitor.page.reload()  # still signed in, still filtered
    visitor.sees("demo")
    expect(visitor.page.get_by_role("button", name="1 Ready")).to_have_attribute(
        "aria-pressed", "true"
    )
    visitor.open("/?namespace=team-a&state=false")
    visitor.sees("broken")


def test_changes_show_up_by_themselves(place: Place, visit: Visit) -> None:
    visitor = visit()
    visitor.sign_in("readerreader")
    expect(visitor.page.locator("#live")).to_have_text("live")
    place.put("newcomer", status="Unknown", reason="Progressing")
    visitor.sees("newcomer", "demo")
    place.cache.drop(PackKey("team-a", "newcomer"))
    visitor.sees("demo")


def test_what_packs_say_is_only_ever_text(place: Place, visit: Visit) -> None:
    place.put("evil", status="False", reason="Failed", message=_HOSTILE)
    visitor = visit()
    visitor.sign_in("readerreader")
    expect(visitor.page.get_by_role("row", name="evil")).to_contain_text(_HOSTILE)
    visitor.page.get_by_role("link", name="evil").click()
    expect(visitor.page.locator(".state")).to_contain_text(_HOSTILE)
    assert visitor.page.title() == "evil · Attune"
    assert visitor.page.locator("img[onerror], main script").count() == 0


def test_html_from_a_text_is_refused_by_the_browser_itself(visit: Visit) -> None:
    """If somebody ever writes such a line, nothing of it runs."""
    visitor = visit()
    visitor.open()
    refused = visitor.page.evaluate(
        "() => { try { document.body.innerHTML = '<b>x</b>'; return false }"
        " catch (error) { return error.name } }"
    )
    assert refused == "TypeError"
    visitor.complaints.clear()


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_keeps_anybody_out(place: Place, visit: Visit, dark: bool) -> None:
    place.put("broken", status="False", reason="ValidationFailed", message="3 errors.")
    place.put("waiting", status="Unknown", reason="Progressing")
    visitor = visit(dark=dark)
    visitor.open()
    visitor.page.get_by_label("Token").wait_for()
    assert visitor.barriers() == []
    visitor.sign_in("readerreader")
    visitor.page.get_by_role("row", name="waiting").wait_for()
    assert visitor.barriers() == []


def test_a_keyboard_is_enough(place: Place, visit: Visit) -> None:
    place.put("other")
    visitor = visit()
    visitor.open()
    visitor.page.get_by_label("Token").wait_for()
    visitor.page.keyboard.type("readerreader")  # the field has the focus
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_label("Search").focus()
    visitor.page.keyboard.type("demo")
    visitor.sees("demo")
    visitor.page.locator("tbody th a").focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("heading", level=1)).to_be_focused()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("demo")


def test_a_wrong_token_gets_nowhere_and_no_cookie_is_left(visit: Visit) -> None:
    visitor = visit()
    visitor.open()
    visitor.page.get_by_label("Token").fill("wrong")
    visitor.page.get_by_role("button", name="Sign in").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("wrong or has expired")
    visitor.sign_in("readerreader")
    assert visitor.page.context.cookies() == []
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.get_by_label("Token").wait_for()
    assert visitor.page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})") == "{}"


def test_who_comes_while_the_controller_is_away_need_not_sign_in_again(
    place: Place, visit: Visit
) -> None:
    visitor = visit()
    visitor.sign_in("readerreader")
    visitor.sees("demo")
    place.working.clear()
    visitor.page.reload()
    expect(visitor.page.get_by_role("alert")).to_contain_text("Another controller is at work")
    place.working.set()
    visitor.page.get_by_role("button", name="Try again").click()
    visitor.sees("demo")


def test_the_theme_is_the_systems_unless_somebody_chooses(visit: Visit) -> None:
    visitor = visit(dark=True)
    visitor.open()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert visitor.page.evaluate(ground) == "rgb(13, 17, 23)"
    visitor.page.get_by_role("button", name="Theme").click()  # dark
    visitor.page.get_by_role("button", name="Theme").click()  # light
    assert visitor.page.evaluate(ground) == "rgb(255, 255, 255)"
    visitor.page.reload()
    assert visitor.page.evaluate(ground) == "rgb(255, 255, 255)"


def test_five_thousand_packs_are_looked_through_at_once(place: Place, visit: Visit) -> None:
    for number in range(5000):
        place.put(f"pack{number:04}", reason="Succeeded" if number % 7 else "Progressing")
    visitor = visit()
    visitor.sign_in("readerreader")
    expect(visitor.page.get_by_role("button", name="5,001 All")).to_be_visible()
    expect(visitor.page.locator("tbody tr")).to_have_count(100)
    visitor.page.get_by_role("button", name="Next").click()
    expect(visitor.page.get_by_text("Page 2 of 51")).to_be_visible()
    visitor.page.get_by_label("Search").fill("pack4711")
    visitor.sees("pack4711")
    # Whoever types waits for no request.
    asked = visitor.page.evaluate("performance.getEntriesByType('resource').length")
    visitor.page.get_by_label("Search").fill("pack471")
    expect(visitor.page.locator("tbody tr")).to_have_count(10)
    assert visitor.page.evaluate("performance.getEntriesByType('resource').length") == asked
