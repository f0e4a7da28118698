"""How long tokens are kept, and who asks for the next one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from controller.errors import PackError, Reason, Stalled, Transient, Waiting
from controller.source.commands import OverdueError
from controller.source.github.answers import Issued
from controller.source.github.tokens import MARGIN, Tokens

HOUR = 3600.0
NEVER = 1e6
SAFETY_NET = 20.0

AWAY = Transient(Reason.GIT_UNREACHABLE, "Away.")
LIMITED = Waiting(Reason.GIT_UNREACHABLE, "Too many.", retry_after=120.0)
SUSPENDED = Stalled(Reason.AUTHENTICATION_FAILED, "Suspended.")


class Api:
    """Gives out `token-1`, `token-2` and so on, or fails; `time` is everybody's clock."""

    def __init__(self, life: float = HOUR) -> None:
        self.time = 1000.0
        self.life = life
        self.asked = 0
        self.failure: PackError | None = None
        self.tokens = Tokens(lambda: self.time)

    def exchange(self) -> Issued:
        self.asked += 1
        if self.failure:
            raise self.failure
        return Issued(f"token-{self.asked}", self.life)

    def login(self, identity: str = "app", exchange: Callable[[], Issued] | None = None) -> str:
        return self.tokens.login(identity, exchange or self.exchange, NEVER).password

    def another(self, refused: str, since: float) -> str | None:
        login = self.tokens.login("app", self.exchange, NEVER)
        assert login.password == refused
        found = self.tokens.another("app", login, since, self.exchange, NEVER)
        return found.password if found else None


def test_it_is_kept_until_some_time_before_its_end() -> None:
    api = Api()
    for passed in (0.0, 1.0, HOUR - MARGIN - 1.1):
        api.time += passed
        assert api.login() == "token-1"
    api.time += 0.2
    assert api.login() == "token-2"


def test_a_short_one_is_kept_for_half_its_life() -> None:
    api = Api(life=100)
    api.login()
    api.time += 49
    assert api.login() == "token-1"
    api.time += 2
    assert api.login() == "token-2"


def test_one_without_any_life_serves_once() -> None:
    api = Api(life=0)
    assert [api.login(), api.login()] == ["token-1", "token-2"]


def test_each_identity_has_its_own() -> None:
    api = Api()
    assert [api.login("a"), api.login("b"), api.login("a")] == ["token-1", "token-2", "token-1"]


@pytest.mark.parametrize("failure", [AWAY, LIMITED], ids=["away", "limited"])
def test_while_the_api_is_away_the_old_one_serves_to_its_end(failure: PackError) -> None:
    api = Api()
    api.login()
    api.failure = failure
    api.time += HOUR - 1
    assert api.login() == "token-1"
    api.time += 2
    with pytest.raises(type(failure)):
        api.login()


def test_a_refusal_counts_at_once() -> None:
    api = Api()
    api.login()
    api.failure = SUSPENDED
    api.time += HOUR - 1
    with pytest.raises(Stalled):
        api.login()


def test_after_a_failure_it_is_asked_again() -> None:
    api = Api()
    api.failure = AWAY
    with pytest.raises(Transient):
        api.login()
    api.failure = None
    assert api.login() == "token-2"


def test_a_limit_is_kept_to() -> None:
    api = Api()
    api.failure = LIMITED
    with pytest.raises(Waiting):
        api.login()
    api.failure = None
    api.time += 100
    with pytest.raises(Waiting) as waiting:
        api.login()
    assert waiting.value.retry_after == 20
    assert api.asked == 1
    assert api.login("another") == "token-2"
    api.time += 21
    assert api.login() == "token-3"


def test_a_refused_one_is_replaced_once() -> None:
    api = Api()
    api.login()
    api.time += 5
    began = api.time
    assert api.another("token-1", began) == "token-2"
    assert api.login() == "token-2"
    # It is as new as one can be: a third would be refused, too.
    assert api.another("token-2", began) is None
    assert api.asked == 2


def test_one_that_others_have_replaced_is_not_asked_for_again() -> None:
    api = Api()
    old = api.tokens.login("app", api.exchange, NEVER)
    api.time += 5
    for _ in range(3):
        found = api.tokens.another("app", old, api.time, api.exchange, NEVER)
        assert found is not None
        assert found.password == "token-2"


class Held:
    """An exchange that waits until it is let go."""

    def __init__(self, outcome: Issued | PackError) -> None:
        self.outcome = outcome
        self.begun = threading.Event()
        self.go = threading.Event()
        self.count = 0

    def __call__(self) -> Issued:
        self.count += 1
        self.begun.set()
        assert self.go.wait(SAFETY_NET)
        if isinstance(self.outcome, PackError):
            raise self.outcome
        return self.outcome


def test_one_asks_for_all() -> None:
    api, held = Api(), Held(Issued("shared", HOUR))
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(api.login, "app", held)
        assert held.begun.wait(SAFETY_NET)
        rest = [pool.submit(api.login, "app", held) for _ in range(7)]
        assert api.login("another") == "token-1"  # nobody else waits
        held.go.set()
        assert {one.result(SAFETY_NET) for one in (first, *rest)} == {"shared"}
    assert held.count == 1


class Crowd:
    """A clock that goes on by a second each time, and tells how many threads have looked at it."""

    def __init__(self) -> None:
        self.time = 0.0
        self._seen: set[int] = set()
        self._changed = threading.Condition()

    def __call__(self) -> float:
        with self._changed:
            self.time += 1
            self._seen.add(threading.get_ident())
            self._changed.notify_all()
            return self.time

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._seen) >= count, SAFETY_NET)


def test_the_failure_of_one_is_that_of_all_who_waited() -> None:
    crowd, held = Crowd(), Held(SUSPENDED)
    tokens = Tokens(crowd)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(tokens.login, "app", held, NEVER) for _ in range(4)]
        crowd.wait_for(4)
        held.go.set()
        assert {type(one.exception(SAFETY_NET)) for one in asked} == {Stalled}
    assert held.count == 1


def test_while_one_renews_others_go_on_with_the_old_one() -> None:
    api, held = Api(), Held(Issued("new", HOUR))
    api.login()
    api.time += HOUR - 1
    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(api.login, "app", held)
        assert held.begun.wait(SAFETY_NET)
        assert api.login() == "token-1"
        held.go.set()
        assert renewing.result(SAFETY_NET) == "new"
    assert api.login() == "new"


def test_who_waits_too_long_gives_up() -> None:
    api, held = Api(), Held(Issued("late", HOUR))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(api.login, "app", held)
        assert held.begun.wait(SAFETY_NET)
        with pytest.raises(OverdueError):
            api.tokens.login("app", api.exchange, api.time)
        held.go.set()
        assert first.result(SAFETY_NET) == "late"
    assert api.asked == 0


def test_what_is_over_is_forgotten() -> None:
    api = Api()
    for number in range(100):
        api.login(f"secret-{number}")
        api.time += HOUR
    assert len(api.tokens) <= 2  # what is over is looked for when something new comes
