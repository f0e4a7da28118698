"""URLs that want more than a repository: each is refused before any program starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.errors import InvalidSpec, Reason
from controller.source.access import Access, SshKey
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitTarget
from controller.source.urls import Scheme

# What stands for X is a command that leaves a trace, in a form without blanks.
HOSTILE = {
    "option as host": "ssh://-oProxyCommand=X/x",
    "option as host after a user": "ssh://git@-oProxyCommand=X/x",
    "option as user": "ssh://-oProxyCommand=X@h/x",
    "option as port": "ssh://git@h:-oProxyCommand=X/x",
    "option as path": "ssh://git@h/-oProxyCommand=X",
    "option of git as path": "ssh://git@h/--upload-pack=X",
    "option behind slashes": "ssh://git@h//--upload-pack=X",
    "option escaped": "ssh://git@h/%2D-upload-pack=X",
    "option in brackets": "ssh://[-oProxyCommand=X]/x",
    "scp option as host": "git@-oProxyCommand=X:x",
    "scp option as user": "-oProxyCommand=X@h:x",
    "scp option as path": "git@h:-oProxyCommand=X",
    "scp option of git as path": "git@h:--upload-pack=X",
    "scp option from the root": "git@h:/-x",
    "scp option in brackets": "git@[-oProxyCommand=X]:x",
    "scp option alone": "-oProxyCommand=X:x",
    "option alone": "--upload-pack=X",
    "helper": "ext::sh -c X",
    "helper before ssh": "ext::ssh://git@h/x",
    "helper within ssh": "ssh://ext::X/x",
    "descriptor": "fd::7",
    "another name of ssh": "git+ssh://git@h/x",
    "one more": "ssh+git://git@h/x",
    "half of ssh": "ssh:git@h/x",
    "one slash": "ssh:/git@h/x",
    "line break": "ssh://git@h/x\nX",
    "line break in host": "ssh://git@h\n-oProxyCommand=X/x",
    "line break in scp": "git@h:x\nX",
    "NUL": "ssh://git@h/x\0X",
    "tab": "ssh://git@h\t/x",
    "escaped line break": "ssh://git@h/x%0aX",
    "escaped NUL": "ssh://git@h/x%00X",
    "backslash": "ssh://git@h\\@evil/x",
    "password": "ssh://git:hunter2@h/x",
    "empty password": "ssh://git:@h/x",
    "password alone": "ssh://:hunter2@h/x",
    "password in scp": "git:hunter2@h:x",
    "empty user": "ssh://@h/x",
    "empty user in scp": "@h:x",
    "two users": "ssh://git@evil@h/x",
    "command as user": "ssh://$(X)@h/x",
    "command as user in scp": "`X`@h:x",
    "command after user": "ssh://git;X@h/x",
    "escape in user": "ssh://git%20-oProxyCommand=X@h/x",
    "user too long": f"ssh://{'a' * 65}@h/x",
    "command as host": "ssh://$(X)/x",
    "command after host": "ssh://git@h;X/x",
    "command as host in scp": "git@h|X:x",
    "percent of ssh in host": "ssh://git@%h/x",
    "zone": "ssh://git@[fe80::1%25eth0]/x",
    "zone in scp": "git@[fe80::1%eth0]:x",
    "disguised loopback": "ssh://git@2130706433/x",
    "disguised loopback in scp": "git@0x7f.1:x",
    "no host": "ssh:///x",
    "no host after user": "ssh://git@/x",
    "no host in scp": "git@:x",
    "no path": "ssh://git@h/",
    "no path in scp": "git@h:",
    "upwards": "ssh://git@h/a/../../b",
    "upwards escaped": "ssh://git@h/%2e%2e/b",
    "upwards in scp": "git@h:../b",
    "port 0": "ssh://git@h:0/x",
    "port too high": "ssh://git@h:65536/x",
    "no port": "ssh://git@h:/x",
    "query": "ssh://git@h/x?X",
    "fragment in scp": "git@h:x#X",
    "not ASCII": "git@g\u0456thub.com:x",
}


@pytest.fixture
def traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which each program that starts would leave a file."""
    programs, traces = tmp_path / "programs", tmp_path / "traces"
    programs.mkdir()
    traces.mkdir()
    for name in ("git", "ssh", "sh", "env"):
        (programs / name).write_text(f"#!/bin/sh\n: > {traces}/{name}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    return traces


@pytest.mark.parametrize("url", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_url_starts_nothing(cache: Path, traces: Path, url: str) -> None:
    harmful = url.replace("X", f"touch${{IFS}}{traces}/harm")
    access = Access(SshKey("-----BEGIN PRIVATE KEY-----", "h ssh-ed25519 AAAA"))
    for written in (url, harmful):
        with pytest.raises(InvalidSpec) as refused:
            GitSource(Mirrors(cache, frozenset(Scheme)), GitTarget(written, access=access)).fetch()
        assert refused.value.reason is Reason.INVALID_URL
        assert refused.value.hint
        assert str(refused.value).isprintable()
        assert "hunter2" not in str(refused.value)
    assert list(traces.iterdir()) == []
    assert not cache.exists()
