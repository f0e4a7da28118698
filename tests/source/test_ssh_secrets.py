"""Where nothing secret may be, while ssh runs and afterwards."""

from __future__ import annotations

import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from controller.errors import PackError
from controller.source.access import Proxy
from controller.source.mirrors import Mirrors
from controller.source.private import private_file
from controller.source.unlock import unlocked
from hack.proxyserver import ProxyServer
from hack.sshserver import SshServer, Stage, key_pair
from tests.hack.processes import wait_until
from tests.source.over_ssh import Site, content, site


@pytest.fixture
def here(ssh_server: SshServer, tmp_path: Path, mirrors: Mirrors) -> Site:
    return site(ssh_server, tmp_path / "repositories", mirrors)


def test_a_private_file_is_nobody_elses_and_goes() -> None:
    with private_file("secret") as path:
        assert Path(path).read_text() == "secret"
        assert Path(path).stat().st_mode & 0o777 == 0o600
        assert Path(path).stat().st_nlink == 0  # it has no name on any disk
    assert not Path(path).exists()


@pytest.mark.parametrize("stage", [Stage.KEY_EXCHANGE, Stage.COMMAND])
def test_no_command_line_file_or_message_has_anything_secret(
    here: Site, cache: Path, stage: Stage
) -> None:
    content(here.source())  # a mirror, to look into
    key = key_pair(passphrase="open-sesame-4711")
    here.server.allow(key.public)
    here.server.hang(stage)
    with ProxyServer("http", login=("me", "proxy-secret-0815")) as proxy:
        way = Proxy(proxy.address, "me", "proxy-secret-0815")
        access = here.access(key, passphrase="open-sesame-4711", proxy=way)
        secrets = {*access.secrets, *unlocked(access.login).splitlines()[1:-1]}
        before, connections = _files(), here.server.connections
        failures: list[PackError] = []

        def fetch() -> None:
            failures.append(here.failure(access))

        fetching = threading.Thread(target=fetch)
        fetching.start()
        wait_until(lambda: here.server.connections > connections)
        lines = _command_lines()
        written = _files() - before
        here.server.down()
        fetching.join()
    assert any("ssh -F /dev/null" in line and str(here.server.port) in line for line in lines)
    files = [path for path in (*cache.rglob("*"), *written) if path.is_file()]
    told = f"{failures[0]!r} {failures[0]} {access!r}"
    texts = [
        *lines,
        told,
        *map(str, files),
        *(path.read_bytes().decode("latin-1") for path in files),
    ]
    telling = [secret for secret in secrets if len(secret) > 8]  # not the last 4 letters of a key
    assert not [secret for secret in telling if any(secret in text for text in texts)]


def _command_lines() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_bytes().replace(b"\0", b" ").decode("latin-1"))
    return found


def _files() -> set[Path]:
    """What lies where programs leave their files for a while."""
    return {path for place in ("/dev/shm", tempfile.gettempdir()) for path in Path(place).iterdir()}  # noqa: S108
