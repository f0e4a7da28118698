"""Changes are told as they come, to those who may see them."""

from __future__ import annotations

from controller.operator.cache import Cache
from controller.pack.identity import PackKey
from tests.web.api.conftest import Ask, body


def test_a_stream_tells_of_what_its_reader_may_see(ask: Ask, cache: Cache) -> None:
    heard = ask("team-a").events()
    assert next(heard) == ("ready", {})
    cache.put(body("team-b", "rival", "demo", reason="Progressing"))
    cache.put(body("team-a", "payments", "demo", status="False", reason="GitUnreachable"))
    kind, seen = next(heard)
    assert (kind, seen["namespace"], seen["reason"]) == ("pack", "team-a", "GitUnreachable")
    assert seen == ask("team-a").get("/packs").data[0]
    cache.drop(PackKey("team-b", "rival"))
    cache.drop(PackKey("team-a", "payments"))
    assert next(heard) == ("gone", {"namespace": "team-a", "name": "payments"})


def test_nobody_hears_without_a_token(ask: Ask) -> None:
    assert ask("wrong").get("/events").status == 401
