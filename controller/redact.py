"""The one choke point that strips credentials from any text that leaves. Imports nothing of ours.

Whatever goes into a log line, an event, a status, a response or a terminal passes `scrub` first.
"""

from __future__ import annotations

import re

MAX_MESSAGE = 1024
"""Bytes of a message in a condition or an event; the API server's own limit is 32 KiB."""

_MASK = "***"
_CUT = "…"
# [^\s/'\"] keeps the match inside one authority, so a URL's path may hold an `@`. The user of an
# ssh URL is no secret: it is who logs in there, with a key.
_USERINFO = re.compile(
    r"(?P<scheme>\b[a-zA-Z][a-zA-Z0-9+.-]*://)"
    r"(?!(?<=ssh://)[A-Za-z0-9._+-]+@(?![^\s/'\"]*@))[^\s/'\"]*@"
)
_SCP_PASSWORD = re.compile(r"\A(?!\w+://)[^\s/@]*:[^@]*@")
_HEADER = re.compile(r"(?i)\b(authorization\s*:\s*)(?:(basic|bearer|token)\s+)?\S+")
_SCHEME_TOKEN = re.compile(r"(?i)\b(basic|bearer)\s+[A-Za-z0-9+/=_.~-]{8,}")
_QUERY = re.compile(
    r"(?i)([?&](?:access_|private_|oauth_)?(?:token|password|secret|key)=)[^&\s'\"]+"
)
_ASSIGNMENT = re.compile(r"(?i)\b(password|passwd|pwd|token)\s*=\s*('[^']*'|\"[^\"]*\"|[^\s&]+)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def scrub(text: str, *, secrets: tuple[str, ...] = ()) -> str:
    """`text` without credentials and without control characters a terminal or log would act on.

    `secrets` are values known to be secret in this context; each is masked wherever it stands.
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, _MASK)
    text = _USERINFO.sub(rf"\g<scheme>{_MASK}@", text)
    text = _HEADER.sub(rf"\g<1>{_MASK}", text)
    text = _SCHEME_TOKEN.sub(rf"\g<1> {_MASK}", text)
    text = _QUERY.sub(rf"\g<1>{_MASK}", text)
    return escaped(_ASSIGNMENT.sub(rf"\g<1>={_MASK}", text))


def escaped(text: str) -> str:
    """`text` with the control characters that a terminal would act on written as JSON writes them,
    and nothing else changed: for documents, which must stay what they are."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def brief(text: str, *, secrets: tuple[str, ...] = (), limit: int = MAX_MESSAGE) -> str:
    """`scrub`bed and cut to `limit` bytes of UTF-8, for conditions and events."""
    clean = scrub(text, secrets=secrets)
    data = clean.encode(errors="replace")
    if len(data) <= limit:
        return data.decode()
    return data[: limit - len(_CUT.encode())].decode(errors="ignore") + _CUT


def public_url(url: str) -> str:
    """`url` without its login and query: what status and messages may show. Who logs in over ssh
    stays, unless it has a password with it."""
    bare = _SCP_PASSWORD.sub("", _USERINFO.sub(r"\g<scheme>", url))
    return scrub(bare.partition("?")[0].partition("#")[0])
