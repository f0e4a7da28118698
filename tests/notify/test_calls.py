"""What is sent to whom over HTTP, and to whom never."""

from __future__ import annotations

from typing import Any

import pytest

from controller.notify import Network, Undelivered, deliver
from controller.notify.letters import Letter
from controller.pack.spec import SecretReference
from controller.source.network.policy import network_policy
from tests.notify.host import Host, Says
from tests.notify.told import APPLIED, REFUSED, network, state, webhook_letter

_SECRET = "s3cr3t-t0ken"


def _send(letter: Letter, values: dict[str, str] | None = None, net: Network | None = None) -> None:
    data = {key: value.encode() for key, value in (values or {}).items()}

    def secrets(_: SecretReference) -> dict[str, bytes]:
        return data

    deliver(letter, secrets, net or network())


def _refused(letter: Letter, **how: Any) -> Undelivered:
    with pytest.raises(Undelivered) as raised:
        _send(letter, **how)
    return raised.value


def _hook(**values: Any) -> Letter:
    return webhook_letter(state(APPLIED), **values)


_BY_SECRET = {"secretRef": {"name": "hook"}}


def test_a_webhook_gets_the_event_and_the_token() -> None:
    with Host(lambda _: Says(202)) as host:
        _send(_hook(**_BY_SECRET), {"address": f"{host.url}/in?key=1", "token": _SECRET})
    (call,) = host.calls
    assert (call.method, call.path, call.query) == ("POST", "/in", {"key": "1"})
    assert call.headers["authorization"] == f"Bearer {_SECRET}"
    assert call.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert call.body["type"] == "io.attune.pack.ready"


def test_slack_gets_a_text() -> None:
    with Host(lambda _: Says(200)) as host:
        told = webhook_letter(state(REFUSED), type="Slack", url=f"{host.url}/services/T0/B0")
        _send(told)
    (call,) = host.calls
    assert call.headers["content-type"] == "application/json"
    assert "authorization" not in call.headers
    assert list(call.body) == ["text"]
    assert "ValidationFailed" in call.body["text"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
    ],
)
def test_nothing_is_sent_where_the_controller_may_not_connect_to(url: str) -> None:
    closed = network(network_policy(denied_networks="private,loopback"))
    with Host(lambda _: Says(200)) as host:
        port = host.url.rpartition(":")[2]
        told = _refused(_hook(url=url.format(port=port)), net=closed)
    assert not host.calls
    assert not told.passes
    assert "may not connect to" in str(told)


def test_no_redirect_is_followed() -> None:
    with Host(lambda _: Says(200)) as other:
        there = {"Location": f"{other.url}/"}
        with Host(lambda _: Says(307, None, there)) as host:
            told = _refused(_hook(url=f"{host.url}/"))
    assert not other.calls
    assert not told.passes
    assert "redirects" in str(told)


@pytest.mark.parametrize(
    ("answer", "passes", "wait", "words"),
    [
        (Says(429, None, {"Retry-After": "7"}), True, 7.0, "too many requests"),
        (Says(503, None, {"Retry-After": "5"}), True, 5.0, "too many requests"),
        (Says(500), True, None, "HTTP 500"),
        (Says(408), True, None, "HTTP 408"),
        (Says(400, {"message": _SECRET}), False, None, "HTTP 400"),
        (Says(403), False, None, "HTTP 403"),
        (Says(410), False, None, "HTTP 410"),
        (None, True, None, "cannot be reached|too early|HTTP"),
    ],
)
def test_an_answer_says_whether_to_try_again(
    answer: Says | None, passes: bool, wait: float | None, words: str
) -> None:
    with Host(lambda _: answer) as host, pytest.raises(Undelivered, match=words) as raised:
        _send(_hook(url=f"{host.url}/"))
    assert (raised.value.passes, raised.value.retry_after) == (passes, wait)


def test_a_receiver_that_hangs_costs_its_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.notify.calls.TIMEOUT", 0.2)
    with Host(lambda _: Says(200)) as host:
        host.held.clear()
        told = _refused(_hook(url=f"{host.url}/"))
    assert told.passes
    assert "did not answer in 0.2 s" in str(told)


def test_a_huge_answer_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.notify.calls.LARGEST", 1000)
    with Host(lambda _: Says(200, "x" * 2000)) as host:
        assert "too early" in str(_refused(_hook(url=f"{host.url}/")))


@pytest.mark.parametrize(
    "values",
    [
        {"address": f"https://127.0.0.1:1/{_SECRET}"},
        {"address": f"not a url {_SECRET}"},
        {"address": f"ssh://git@host/{_SECRET}"},
        {"address": f"https://me:{_SECRET}@127.0.0.1:1/"},
        {"address": f"https://127.0.0.1:1/?x={_SECRET} y"},
        {"token": f"{_SECRET} with a space", "address": "https://127.0.0.1:1/"},
        {"token": _SECRET, "username": "bob", "password": _SECRET},
        {"token": _SECRET},
        {},
    ],
)
def test_nothing_secret_is_in_what_is_told(values: dict[str, str]) -> None:
    told = _refused(_hook(**_BY_SECRET), values=values)
    assert _SECRET not in str(told)
    assert _SECRET not in repr(told)


def test_http_in_the_clear_is_for_the_operator_to_allow() -> None:
    with Host(lambda _: Says(200)) as host:
        told = _refused(_hook(url=f"{host.url}/"), net=network(http=False))
    assert "http:// is not allowed here" in str(told)
    assert not host.calls


def test_the_name_of_a_receiver_shows_nothing_of_its_path() -> None:
    named = _hook(url=f"https://hooks.example.com/services/{_SECRET}?t={_SECRET}").to
    assert named.startswith("CloudEvents at hooks.example.com (")
    assert _SECRET not in named
