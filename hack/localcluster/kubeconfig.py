"""The small files an API server and its clients start from. Pure: text from values."""

from __future__ import annotations

import base64
import json
import secrets

# RFC 5915: an EC private key on P-256 (OID 1.2.840.10045.3.1.7) without its optional public half,
# around 32 bytes of secret. Made by hand so that neither openssl nor a crypto library is needed.
_KEY_HEAD = bytes.fromhex("303102010104 20")
_KEY_TAIL = bytes.fromhex("a00a06082a8648ce3d030107")


def service_account_key() -> str:
    """A new private key, in PEM, to sign service account tokens with."""
    # The first byte 0 keeps the number below the order of the curve.
    der = _KEY_HEAD + b"\0" + secrets.token_bytes(31) + _KEY_TAIL
    body = base64.b64encode(der).decode()
    return f"-----BEGIN EC PRIVATE KEY-----\n{body}\n-----END EC PRIVATE KEY-----\n"


def kubeconfig(url: str, token: str, certificate_authority: bytes) -> str:
    """A kubeconfig (in JSON, which is YAML) with one context, complete in itself."""
    cluster = {
        "server": url,
        "certificate-authority-data": base64.b64encode(certificate_authority).decode(),
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "local",
            "clusters": [{"name": "local", "cluster": cluster}],
            "users": [{"name": "local", "user": {"token": token}}],
            "contexts": [{"name": "local", "context": {"cluster": "local", "user": "local"}}],
        },
        indent=2,
    )
