"""What of a URL may be shown, wherever it turns up."""

from __future__ import annotations

import pytest

from controller.redact import public_url, scrub

SHOWN = {
    "plain": ("https://h/x", "https://h/x"),
    "login": ("https://me:hunter2@h/x", "https://h/x"),
    "token": ("https://hunter2@h/x", "https://h/x"),
    "query": ("https://h/x?token=hunter2", "https://h/x"),
    "ssh": ("ssh://git@h:2222/x", "ssh://git@h:2222/x"),
    "ssh password": ("ssh://git:hunter2@h/x", "ssh://h/x"),
    "ssh second name": ("ssh://git@hunter2@h/x", "ssh://h/x"),
    "ssh password after a name": ("ssh://git@me:hunter2@h/x", "ssh://h/x"),
    "scp": ("git@h:a/b", "git@h:a/b"),
    "scp password": ("git:hunter2@h:a/b", "h:a/b"),
}


@pytest.mark.parametrize(("url", "shown"), SHOWN.values(), ids=SHOWN.keys())
def test_what_a_status_shows_of_a_url(url: str, shown: str) -> None:
    assert public_url(url) == shown


def test_the_user_of_an_ssh_url_stays_and_passwords_go_from_any_text() -> None:
    text = "from ssh://git@h/x, ssh://git:hunter2@h/x, https://hunter2@h/x and me@example.com"
    assert scrub(text) == "from ssh://git@h/x, ssh://***@h/x, https://***@h/x and me@example.com"
