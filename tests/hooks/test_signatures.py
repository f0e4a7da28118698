"""Who is believed."""

from __future__ import annotations

from typing import Any

import pytest

from controller.hooks import Delivery, is_authentic
from tests.hooks.deliveries import NOW, SENDERS, SIGNING_TOKEN, TOKEN, Sender, hmac_hex, token_of

_EACH = pytest.mark.parametrize("name", SENDERS)
_SIGNING_THE_BODY = [
    name for name in SENDERS if name not in {"GitLab", "Azure DevOps", "generic, bearer"}
]


def _sent(name: str, **more: Any) -> Delivery:
    return SENDERS[name].delivery(token=token_of(name), **more)


@_EACH
def test_each_host_is_known_and_believed(name: str) -> None:
    delivery = _sent(name)
    assert delivery.provider is SENDERS[name].provider
    assert is_authentic(delivery, [token_of(name)], NOW)


@_EACH
def test_any_of_several_secrets_will_do(name: str) -> None:
    assert is_authentic(_sent(name), ["old", token_of(name), "new"], NOW)


@_EACH
@pytest.mark.parametrize("tokens", [[], [""], ["other"], ["whsec_b3RoZXI="], ["whsec_?"]])
def test_nobody_else_is_believed(name: str, tokens: list[str]) -> None:
    assert not is_authentic(_sent(name), tokens, NOW)


@_EACH
def test_nor_is_one_without_a_signature(name: str) -> None:
    sender = SENDERS[name]
    assert not is_authentic(Delivery(sender.headers, b"{}"), [token_of(name)], NOW)
    unsigned = {**sender.headers, **dict.fromkeys(sender.sign(b"", token_of(name), NOW), "")}
    assert not is_authentic(Delivery(unsigned, b"{}"), [token_of(name)], NOW)


@pytest.mark.parametrize("name", _SIGNING_THE_BODY)
def test_a_changed_body_is_not_believed(name: str) -> None:
    delivery = _sent(name)
    changed = Delivery(delivery.headers, delivery.body + b" ")
    assert not is_authentic(changed, [token_of(name)], NOW)


def _like(sender: Sender, **headers: str) -> Delivery:
    body = b"{}"
    return Delivery({**sender.headers, **headers}, body)


@pytest.mark.parametrize("name", ["Forgejo", "Gitea", "Gogs"])
def test_a_good_signature_of_another_host_makes_up_for_nothing(name: str) -> None:
    good = {
        "x-hub-signature-256": f"sha256={hmac_hex(b'{}', TOKEN)}",
        "x-signature": f"sha256={hmac_hex(b'{}', TOKEN)}",
        "authorization": f"Bearer {TOKEN}",
    }
    assert not is_authentic(_like(SENDERS[name], **good), [TOKEN], NOW)


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [
        ("GitHub", "x-hub-signature", f"sha1={hmac_hex(b'{}', TOKEN, 'sha1')}"),
        ("GitHub", "x-hub-signature-256", f"sha1={hmac_hex(b'{}', TOKEN, 'sha1')}"),
        ("GitHub", "x-hub-signature-256", f"md5={hmac_hex(b'{}', TOKEN, 'md5')}"),
        ("GitHub", "x-hub-signature-256", hmac_hex(b"{}", TOKEN)),
        ("generic, HMAC", "x-signature", f"sha1={hmac_hex(b'{}', TOKEN, 'sha1')}"),
        ("GitHub", "x-hub-signature-256", "sha256=\xff\xfe"),
        ("GitLab", "x-gitlab-token", "\xe9"),
        ("Azure DevOps", "authorization", f"Bearer {TOKEN}"),
        ("Azure DevOps", "authorization", "Basic %%%"),
        ("Azure DevOps", "authorization", "Basic /w=="),
        ("generic, bearer", "authorization", f"Basic {TOKEN}"),
        ("generic, bearer", "authorization", TOKEN),
    ],
)
def test_what_is_no_signature_of_this_host(name: str, header: str, value: str) -> None:
    assert not is_authentic(_like(SENDERS[name], **{header: value}), [TOKEN], NOW)


def test_sha_512_is_as_good() -> None:
    signature = f"sha512={hmac_hex(b'{}', TOKEN, 'sha512')}"
    assert is_authentic(_like(SENDERS["generic, HMAC"], **{"x-signature": signature}), [TOKEN], NOW)


def test_a_signing_token_is_never_taken_as_it_is() -> None:
    delivery = _like(SENDERS["GitLab"], **{"x-gitlab-token": SIGNING_TOKEN})
    assert not is_authentic(delivery, [SIGNING_TOKEN], NOW)


@pytest.mark.parametrize(("later", "believed"), [(0, True), (299, True), (-299, True)])
def test_a_signed_time_counts_for_five_minutes(later: float, *, believed: bool) -> None:
    assert is_authentic(_sent("GitLab, signed"), [SIGNING_TOKEN], NOW + later) is believed


@pytest.mark.parametrize("later", [301, -301, 1e9])
def test_an_old_delivery_is_not_believed(later: float) -> None:
    assert not is_authentic(_sent("GitLab, signed"), [SIGNING_TOKEN], NOW + later)


@pytest.mark.parametrize("time", ["", "now", "1e9", "٣", "-1", "9" * 4000])
def test_nor_is_one_without_a_time(time: str) -> None:
    delivery = _sent("GitLab, signed", webhook_timestamp=time)
    assert not is_authentic(delivery, [SIGNING_TOKEN], NOW)


def test_one_of_several_signatures_will_do() -> None:
    good = _sent("GitLab, signed").headers["webhook-signature"]
    delivery = _sent("GitLab, signed", webhook_signature=f"v1,AAAA v2,{good[3:]} {good}")
    assert is_authentic(delivery, [SIGNING_TOKEN], NOW)
