from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.errors import InvalidSpec, Reason
from controller.source.urls import Scheme, parse_url

EVERY = frozenset(Scheme)

TAKEN = {
    "plain": ("https://example.com/a/b.git", "https://example.com/a/b.git"),
    "case and default port": ("HTTPS://Example.COM:443/A/b/", "https://example.com/A/b"),
    "other port": ("https://h:8443/x", "https://h:8443/x"),
    "IPv6": ("https://[2001:DB8:0::1]:8443/x", "https://[2001:db8::1]:8443/x"),
    "IPv4": ("https://192.0.2.1/x", "https://192.0.2.1/x"),
    "final dot": ("https://h./x", "https://h/x"),
    "percent": ("https://h/a%20b", "https://h/a%20b"),
    "tilde": ("https://h/~me/x.git", "https://h/~me/x.git"),
    "at in path": ("https://h/@me/x", "https://h/@me/x"),
    "http": ("http://h:80/x", "http://h/x"),
    "file": ("file:///srv/x.git", "file:///srv/x.git"),
    "ssh": ("ssh://git@h/a/b.git", "ssh://git@h/a/b.git"),
    "ssh without user": ("ssh://h/x", "ssh://git@h/x"),
    "ssh case and default port": ("SSH://Git@Example.COM:22/A/", "ssh://Git@example.com/A"),
    "ssh port": ("ssh://git@h:2222/x", "ssh://git@h:2222/x"),
    "ssh IPv6": ("ssh://git@[2001:DB8:0::1]:2222/x", "ssh://git@[2001:db8::1]:2222/x"),
    "ssh user of all kinds": ("ssh://_a.B-c+1@h/x", "ssh://_a.B-c+1@h/x"),
    "ssh home": ("ssh://git@h/~/x.git", "ssh://git@h/~/x.git"),
    "ssh at in path": ("ssh://git@h/@me/x", "ssh://git@h/@me/x"),
    "scp": ("git@example.com:a/b.git", "ssh://git@example.com/a/b.git"),
    "scp from the root": ("git@h:/a/b.git/", "ssh://git@h/a/b.git"),
    "scp home": ("git@h:~/x.git", "ssh://git@h/~/x.git"),
    "scp IPv6": ("git@[::1]:x", "ssh://git@[::1]/x"),
    "scp numbers": ("git@h:2222/x", "ssh://git@h/2222/x"),
    "scp percent": ("git@h:a%20b", "ssh://git@h/a%2520b"),
    "scp at in path": ("git@h:@me/x", "ssh://git@h/@me/x"),
    "scp colon in path": ("git@h:a:b", "ssh://git@h/a:b"),
    "scp user": ("org@vs-ssh.example.com:v3/o/p/r", "ssh://org@vs-ssh.example.com/v3/o/p/r"),
}


@pytest.mark.parametrize(("url", "normal"), TAKEN.values(), ids=TAKEN.keys())
def test_takes(url: str, normal: str) -> None:
    parsed = parse_url(url, EVERY)
    assert str(parsed) == normal
    assert parse_url(normal, EVERY) == parsed


REFUSED = {
    "empty": ("", "empty"),
    "helper": ("ext::sh", "https"),
    "helper with command": ("ext::sh -c id", "space"),
    "helper with URL": ("ext::https://h/x", "https"),
    "descriptor helper": ("fd::7", "https"),
    "option": ("--upload-pack=id", "dash"),
    "short option": ("-u", "dash"),
    "scp without user": ("h:x", "https"),
    "other name of ssh": ("git+ssh://git@h/x", "https"),
    "git protocol": ("git://h/x", "https"),
    "ftp": ("ftp://h/x", "https"),
    "no slashes": ("https:h/x", "https"),
    "no colon": ("https//h/x", "https"),
    "absolute path": ("/var/run/secrets", "https"),
    "relative path": ("../x", "https"),
    "drive": ("C:\\x", "backslash"),
    "backslash": ("https://h\\@evil/x", "backslash"),
    "newline": ("https://h/x\n", "control"),
    "carriage return": ("https://h/\rx", "control"),
    "NUL": ("https://h/x\0", "control"),
    "tab in host": ("https://h\t/x", "control"),
    "space": ("https://h/a b", "space"),
    "escaped newline": ("https://h/x%0Ay", "not allowed"),
    "bad escape": ("https://h/%zz", "not allowed"),
    "not ASCII": ("https://h/é", "ASCII"),
    "homograph": ("https://g\u0131thub.com/x", "ASCII"),
    "user": ("https://me@h/x", "user name"),
    "password": ("https://me:hunter2@h/x", "user name"),
    "empty user": ("https://@h/x", "user name"),
    "query": ("https://h/x?a=b", "query"),
    "empty query": ("https://h/x?", "query"),
    "fragment": ("https://h/x#main", "fragment"),
    "no host": ("https:///x", "host"),
    "nothing": ("https://", "host"),
    "host dash": ("https://-h/x", "host"),
    "double dot host": ("https://a..b/x", "host"),
    "broken IPv6": ("https://[::1/x", "host"),
    "no IPv6": ("https://[zz]/x", "host"),
    "IPv6 zone": ("https://[fe80::1%25eth0]/x", "zone"),
    "port 0": ("https://h:0/x", "port"),
    "port too high": ("https://h:65536/x", "port"),
    "port empty": ("https://h:/x", "port"),
    "port word": ("https://h:git/x", "port"),
    "no path": ("https://h", "repository"),
    "root": ("https://h/", "repository"),
    "dot dot": ("https://h/a/../x", "'..'"),
    "escaped dot dot": ("https://h/%2e%2e/x", "'..'"),
    "file host": ("file://h/x", "host"),
    "file root": ("file:///", "repository"),
    "too long": ("https://h/" + "a" * 2048, "longer"),
}


@pytest.mark.parametrize(("url", "problem"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(url: str, problem: str) -> None:
    with pytest.raises(InvalidSpec, match=problem) as refused:
        parse_url(url, EVERY)
    assert refused.value.reason is Reason.INVALID_URL
    assert refused.value.hint
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("url", ["http://h/x", "file:///x"])
def test_other_schemes_are_for_the_operator_to_allow(url: str) -> None:
    with pytest.raises(InvalidSpec, match="does not allow"):
        parse_url(url, frozenset())


@pytest.mark.parametrize(
    "url",
    [
        "https://me:hunter2@h/x",
        "https://me:hunter2 @h/x",
        "https://me:hunter2/@h/x?",
        "ssh://me:hunter2@h/x",
        "https://h/x?password=hunter2",
        "https://h/x#hunter2",
        "me:hunter2\n@h:x",
    ],
)
def test_a_refusal_shows_no_password(url: str) -> None:
    with pytest.raises(InvalidSpec) as refused:
        parse_url(url, EVERY)
    assert "hunter2" not in str(refused.value)


@given(st.text() | st.from_regex(r"(https?|ssh)://[^/]*/.*|[^/:]*@[^/:]*:.*", fullmatch=True))
def test_is_total_and_idempotent(url: str) -> None:
    try:
        parsed = parse_url(url, EVERY)
    except InvalidSpec:
        return
    assert parse_url(str(parsed), EVERY) == parsed
