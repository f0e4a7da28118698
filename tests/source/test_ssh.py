"""A pack followed over ssh from a real git-upload-pack: keys, references, pushes, host keys."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from controller.errors import Reason, Stalled
from controller.source.access import OPEN
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, ReferenceKind
from hack.sshserver import SshServer, key_pair
from tests.source.over_ssh import NAME, Site, content, site


@pytest.fixture
def here(ssh_server: SshServer, tmp_path: Path, mirrors: Mirrors) -> Site:
    return site(ssh_server, tmp_path / "repositories", mirrors)


def test_objects_travel_only_when_the_remote_moved(here: Site) -> None:
    source = here.source()
    assert content(source) == {"v": b"1"}
    assert here.server.count(NAME) == 2  # the look, and the fetch
    assert content(source) == {"v": b"1"}
    assert here.server.count(NAME) == 3
    here.repository.push({"v": b"2"})
    assert content(source) == {"v": b"2"}


@pytest.mark.parametrize("passphrase", ["", "open sesame"], ids=["open", "passphrase"])
@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"])
def test_keys_of_all_kinds_open_it(here: Site, kind: str, passphrase: str) -> None:
    key = key_pair(kind, passphrase=passphrase)
    here.server.allow(key.public)
    assert content(here.source(here.access(key, passphrase=passphrase))) == {"v": b"1"}


def test_references_of_all_kinds_are_followed(here: Site) -> None:
    tagged = here.repository.push({"v": b"tagged"}, "old")
    here.repository.git("tag", "--annotate", "--message=x", "v1.2.0", tagged)
    lost = here.repository.push({"v": b"lost"}, "old")
    here.repository.git("update-ref", "refs/pull/7/head", lost)
    here.repository.git("branch", "--delete", "--force", "old")
    wanted = {
        GitReference(ReferenceKind.BRANCH, "main"): b"1",
        GitReference(ReferenceKind.TAG, "v1.2.0"): b"tagged",
        GitReference(ReferenceKind.SEMVER, "^1.0"): b"tagged",
        GitReference(ReferenceKind.NAME, "refs/pull/7/head"): b"lost",
        GitReference(ReferenceKind.COMMIT, lost): b"lost",
    }
    found = {one: content(here.source(reference=one))["v"] for one in wanted}
    assert found == wanted


def test_a_branch_that_is_away_is_named(here: Site) -> None:
    source = here.source(reference=GitReference(ReferenceKind.BRANCH, "mian"))
    with pytest.raises(Stalled, match=r"no branch 'mian'.*main") as failed:
        source.fetch()
    assert failed.value.reason is Reason.REF_NOT_FOUND


def test_both_forms_of_a_url_share_a_mirror(here: Site, cache: Path) -> None:
    content(here.source())
    content(here.source(url=here.url.replace("ssh://git@", "SSH://") + "/"))
    assert len(list(cache.glob("*.git"))) == 1


def test_a_new_key_shares_no_mirror_with_the_old_one(here: Site) -> None:
    """Who may read what the mirror holds is for the server to say, each time."""
    content(here.source())
    stranger = here.access(key_pair())
    assert here.failure(stranger).reason is Reason.AUTHENTICATION_FAILED


def test_without_a_secret_nothing_is_connected(here: Site) -> None:
    failed = here.failure(OPEN)
    assert failed.reason is Reason.AUTHENTICATION_FAILED
    assert f"ssh-keyscan -p {here.server.port} 127.0.0.1" in failed.hint
    assert here.server.connections == 0


def test_without_known_hosts_there_is_no_access(here: Site) -> None:
    with pytest.raises(Stalled, match="known_hosts"):
        here.access(known_hosts="\n")
    assert here.server.connections == 0


@contextmanager
def agent_at(place: Path) -> Iterator[None]:
    command = ["ssh-agent", "-D", "-a", str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        try:
            assert running.stdout
            assert running.stdout.readline()  # it listens
            yield
        finally:
            running.terminate()


def test_the_keys_and_settings_of_the_user_do_not_count(
    here: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent that has the right key, and settings that would run a command."""
    (tmp_path / "key").write_text(here.key.private)
    (tmp_path / "key").chmod(0o600)
    with agent_at(tmp_path / "agent"):
        monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
        subprocess.run(["ssh-add", "-q", str(tmp_path / "key")], check=True)
        monkeypatch.setenv("GIT_SSH_COMMAND", f"touch {tmp_path}/harm")
        monkeypatch.setenv("GIT_SSH", "/bin/false")
        monkeypatch.setenv("SSH_ASKPASS", "/bin/false")
        monkeypatch.setenv("SHELL", "/bin/false")
        monkeypatch.setenv("HOME", str(tmp_path))
        failed = here.failure(here.access(key_pair()))
        assert content(here.source()) == {"v": b"1"}
    assert failed.reason is Reason.AUTHENTICATION_FAILED
    assert not (tmp_path / "harm").exists()


def _hashed(known_hosts: str, folder: Path) -> str:
    (folder / "known").write_text(known_hosts)
    subprocess.run(
        ["ssh-keygen", "-q", "-H", "-f", str(folder / "known")], check=True, capture_output=True
    )
    return (folder / "known").read_text()


def test_hashed_names_count(here: Site, tmp_path: Path) -> None:
    hashed = _hashed(here.server.known_hosts, tmp_path)
    assert "127.0.0.1" not in hashed
    assert content(here.source(here.access(known_hosts=hashed))) == {"v": b"1"}


@pytest.mark.parametrize("spelled", ["CRLF", "no final newline", "comments"])
def test_known_hosts_may_be_spelled_as_editors_leave_it(here: Site, spelled: str) -> None:
    line = here.server.known_hosts.strip()
    text = {
        "CRLF": f"{line}\r\n",
        "no final newline": line,
        "comments": f"# verified by Ada\n\nother.example.com ssh-ed25519 AAAA\n{line} of Ada\n",
    }[spelled]
    assert content(here.source(here.access(known_hosts=text))) == {"v": b"1"}


@pytest.mark.parametrize("pattern", ["[127.0.0.1]:{port}", "127.0.0.1", "*"])
def test_an_authority_vouches_for_its_hosts(here: Site, pattern: str) -> None:
    authority, other = key_pair(), key_pair()
    here.server.rekey(authority=authority.private)
    host = pattern.format(port=here.server.port)
    trusted = here.access(known_hosts=f"@cert-authority {host} {authority.public}")
    assert content(here.source(trusted)) == {"v": b"1"}
    strange = here.access(known_hosts=f"@cert-authority {host} {other.public}")
    assert here.failure(strange).reason is Reason.HOST_KEY_MISMATCH


def test_another_host_key_is_a_mismatch_and_nothing_is_asked(here: Site) -> None:
    access = here.access()
    content(here.source(access))
    asked = here.server.count(NAME)
    here.server.rekey()
    failed = here.failure(access)
    assert (type(failed), failed.reason) == (Stalled, Reason.HOST_KEY_MISMATCH)
    assert f"The server of {here.url} shows another host key (ED25519 SHA256:" in failed.message
    assert f"'ssh-keyscan -p {here.server.port} 127.0.0.1 | ssh-keygen -lf -'" in failed.hint
    assert here.server.count(NAME) == asked
    assert content(here.source(here.access())) == {"v": b"1"}


MISMATCHES = {
    "of another host": ("example.com {key}", "known_hosts has no host key"),
    "of another port": ("[127.0.0.1]:1 {key}", "known_hosts has no host key"),
    "nothing readable": ("hello world", "known_hosts has no host key"),
    "revoked": ("@revoked [127.0.0.1]:{port} {key}", "marks as revoked"),
    "of another kind": ("[127.0.0.1]:{port} {other}", "another host key"),
}


@pytest.mark.parametrize(("line", "words"), MISMATCHES.values(), ids=MISMATCHES.keys())
def test_known_hosts_that_do_not_vouch_are_told_apart(here: Site, line: str, words: str) -> None:
    key = here.server.known_hosts.partition(" ")[2]
    other = key_pair("ecdsa-sha2-nistp256").public
    known = line.format(key=key, other=other, port=here.server.port)
    failed = here.failure(here.access(known_hosts=known))
    assert (type(failed), failed.reason) == (Stalled, Reason.HOST_KEY_MISMATCH)
    assert words in failed.message
    assert here.server.count(NAME) == 0
