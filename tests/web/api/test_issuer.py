"""Users of an OpenID Connect issuer, which serves its keys here, and tokens of all kinds."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from controller.errors import InvalidSpec, Transient
from controller.pack.user import User
from controller.web.auth import Gate, Known, Target, TokenFile, Verb
from controller.web.auth.issuer import Claims, Issuer
from tests.web.api.asking import token_file

_AUDIENCE = "packs"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Served:
    """An issuer; `keys` are those that it gives away, `asked` the paths that were asked for."""

    url: str
    keys: dict[str, rsa.RSAPrivateKey]
    asked: list[str] = field(default_factory=list)
    says: str = ""

    def answer(self, path: str) -> dict[str, Any]:
        """What is at `path`."""
        self.asked.append(path)
        if path == "/keys":
            found = [
                {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid}
                for kid, key in self.keys.items()
            ]
            return {"keys": found}
        return {"issuer": self.says or self.url, "jwks_uri": f"{self.url}/keys"}

    def token(self, *, key: Any = _KEY, kid: str = "1", alg: str = "RS256", **claims: Any) -> str:
        """A token of somebody."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": _AUDIENCE, "sub": "ada", "exp": now + 300, "iat": now}
        given = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(given, key, alg, headers={"kid": kid})

    def issuer(self, **claims: str) -> Issuer:
        """It, as the controller knows it."""
        return Issuer(self.url, _AUDIENCE, Claims(**claims))


@pytest.fixture
def served() -> Iterator[Served]:
    """An issuer with the key `1`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(made.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made = Served(f"http://127.0.0.1:{server.server_port}", {"1": _KEY})
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def test_a_token_names_a_user_and_groups_with_a_prefix(served: Served) -> None:
    issuer, token = served.issuer(), served.token(groups=["ops", 7])
    assert issuer.known(token) is None
    ada = User("oidc:ada", groups=("oidc:ops", "system:authenticated"))
    assert issuer.find(token) == ada
    assert issuer.known(token) == ada
    by_mail = served.issuer(username="email", prefix="")
    assert by_mail.find(served.token(email="ada@example.com")) == User(
        "ada@example.com", groups=("system:authenticated",)
    )


_BAD: dict[str, dict[str, Any]] = {
    "another's signature": {"key": _OTHER},
    "a shared secret": {"key": "s" * 64, "alg": "HS256"},
    "no signature": {"key": None, "alg": "none"},
    "over": {"exp": int(time.time()) - 120},
    "not yet": {"nbf": int(time.time()) + 86_400},
    "for ever": {"exp": None},
    "another's audience": {"aud": "others"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "http://127.0.0.1:1"},
    "no name": {"sub": None},
    "an unknown key": {"kid": "2"},
}


@pytest.mark.parametrize("claims", _BAD.values(), ids=_BAD.keys())
def test_a_bad_token_is_nobodys(served: Served, claims: dict[str, Any]) -> None:
    issuer = served.issuer()
    assert issuer.find(served.token())
    token = served.token(**claims)
    assert (issuer.known(token), issuer.find(token)) == (None, None)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "..", "é.é.é"])
def test_what_is_no_token_asks_nobody(served: Served, text: str) -> None:
    assert served.issuer().find(text) is None
    assert served.asked == []


def test_no_issuer_names_users_of_kubernetes(served: Served) -> None:
    issuer = served.issuer(prefix="")
    assert issuer.find(served.token(sub="system:admin")) is None
    assert issuer.find(served.token(groups=["system:masters"])) is None
    mail = served.issuer(username="email")
    assert mail.find(served.token(email="a@b.c", email_verified=False)) is None


def test_keys_are_asked_for_once_and_unknown_ones_do_not_make_a_storm(served: Served) -> None:
    issuer = served.issuer()
    for _ in range(5):
        assert issuer.find(served.token())
        assert issuer.find(served.token(kid="2")) is None
    assert served.asked == ["/.well-known/openid-configuration", "/keys"]


def test_an_issuer_that_is_away_or_another_is_told(served: Served) -> None:
    served.says = "http://evil.example.com"
    with pytest.raises(Transient, match="cannot be asked for its keys"):
        served.issuer().find(served.token())


@pytest.mark.parametrize("url", ["http://example.com", "ftp://127.0.0.1", "nonsense", ""])
def test_an_issuer_without_tls_is_refused(url: str) -> None:
    with pytest.raises(InvalidSpec, match="no https://"):
        Issuer(url, _AUDIENCE, Claims())


def test_the_file_says_what_users_and_groups_may_do(served: Served, tmp_path: Path) -> None:
    file = token_file(tmp_path / "tokens.toml")
    file.write_text(
        '[[user]]\nname = "oidc:ada"\npacks = ["shop"]\nwrite = true\n'
        '[[group]]\nname = "oidc:ops"\nnamespaces = ["team-a"]\n'
    )
    known = Known(TokenFile(file), issuer=served.issuer())
    assert Gate(known)
    ada = known.find(served.token(groups=["ops"]))
    assert ada
    assert ada.name == "oidc:ada"
    assert ada.may(Verb.UPDATE, Target("shop"))
    assert ada.may(Verb.GET, Target("x", "team-a", "n"))
    assert not ada.may(Verb.UPDATE, Target("x", "team-a", "n"))
    bob = known.find(served.token(sub="bob"))
    assert bob
    assert not bob.may(Verb.GET, Target("shop"))
