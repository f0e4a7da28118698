"""A Git server over ssh on the loopback interface, with accounts, counters and faults.

It serves the bare repositories below a folder, to be read only, through the real git-upload-pack.
Imports the standard library, asyncssh and the search for a port.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import socket
import threading
import warnings
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Self, TypeVar

with warnings.catch_warnings():
    # It offers old algorithms, too, which the library below it warns of.
    warnings.simplefilter("ignore")
    import asyncssh

from hack.ports import free_port

_PATIENCE = 30.0
_PART_OF_AN_ANSWER = 20  # bytes
_CHUNK = 64 * 1024

T = TypeVar("T")
_Reader = asyncio.StreamReader | asyncssh.SSHReader[bytes]
_Writer = asyncio.StreamWriter | asyncssh.SSHWriter[bytes]


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key in PEM or OpenSSH's form, and its public half in one line."""

    private: str
    public: str


def key_pair(
    kind: str = "ssh-ed25519", *, passphrase: str = "", form: str = "openssh", **more: int
) -> KeyPair:
    """A new key of a kind such as ecdsa-sha2-nistp256 or ssh-rsa; `form` is `openssh`, `pkcs1-pem`
    or `pkcs8-pem`, and `key_size` the bits of an RSA key."""
    key = asyncssh.generate_private_key(kind, **more)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a passphrase that is quickly guessed, and quickly used
        private = key.export_private_key(form, passphrase or None, rounds=1)
    return KeyPair(private.decode(), _words(key))


class Stage(Enum):
    """Where a server can fall silent."""

    GREETING = "greeting"  # the connection is made, and nothing is said
    KEY_EXCHANGE = "key exchange"  # after the line that every ssh server begins with
    LOGIN = "login"
    COMMAND = "command"  # logged in, and git-upload-pack never starts
    ANSWER = "answer"  # after the first bytes of git's answer


class SshServer:
    """A context: the repositories below `root`, at `url(name)`, until it ends.

    Nobody may log in before `allow`. Faults and accounts may be changed at any time; they count
    from the next connection on.
    """

    def __init__(self, root: Path) -> None:
        self.port = free_port()
        self.connections = 0
        """How many there were, however they ended."""
        self._root = root
        self._host_keys = [asyncssh.generate_private_key("ssh-ed25519")]
        self._certificates: list[asyncssh.SSHCertificate] = []
        self._allowed: set[str] = set()
        self._refusal = ""
        self._banner = ""
        self._silent: Stage | None = None
        self._counts: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._listener: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self.up()
        return self

    def __exit__(self, *exception: object) -> None:
        self.down()
        self._run(_end_all())
        self._run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, name: str, *, user: str = "git") -> str:
        """The address of a repository, whether it exists or not."""
        return f"ssh://{user}@127.0.0.1:{self.port}/{name}"

    @property
    def known_hosts(self) -> str:
        """What ssh-keyscan would print of it."""
        keys = (_words(key) for key in self._host_keys)
        return "".join(f"[127.0.0.1]:{self.port} {key}\n" for key in keys)

    def rekey(
        self,
        kind: str = "ssh-ed25519",
        *,
        authority: str = "",
        names: Sequence[str] = ("127.0.0.1",),
    ) -> None:
        """Show a new host key from now on; with a certificate for `names` if there is the private
        key of an `authority`."""
        key = asyncssh.generate_private_key(kind)
        self._host_keys = [key]
        self._certificates = []
        if authority:
            signer = asyncssh.import_private_key(authority)
            public = key.convert_to_public()
            named = signer.generate_host_certificate(public, "host", principals=names)
            self._certificates = [named]

    def allow(self, *public_keys: str) -> None:
        """Let in who has one of these keys, and nobody else."""
        self._allowed = {" ".join(key.split()[:2]) for key in public_keys}

    def refuse(self, words: str) -> None:
        """Answer each command with these words on standard error, as forges do; "" ends that."""
        self._refusal = words

    def greet(self, words: str) -> None:
        """Show a banner before the login from now on."""
        self._banner = words

    def hang(self, stage: Stage | None) -> None:
        """Fall silent there on every connection; None ends that for new ones."""
        self._silent = stage

    def count(self, name: str) -> int:
        """How often git-upload-pack was asked for this repository, answered or not."""
        return self._counts[name]

    def up(self) -> None:
        """Listen, after `down()` at the same address as before. Nothing changes if it is up."""
        if self._listener is None:
            self._listener = self._run(self._listen())

    def down(self) -> None:
        """Refuse connections and end those there are. Nothing changes if it is down."""
        listener, self._listener = self._listener, None
        if listener:
            self._run(_end(listener))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    async def _listen(self) -> asyncio.Task[None]:
        listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        listener.settimeout(0)
        return asyncio.create_task(self._accept(listener))

    async def _accept(self, listener: socket.socket) -> None:
        with listener:
            async with asyncio.TaskGroup() as connections:
                while True:
                    connection, _ = await self._loop.sock_accept(listener)
                    self.connections += 1
                    connections.create_task(self._serve(connection))

    async def _serve(self, connection: socket.socket) -> None:
        if self._silent in (Stage.GREETING, Stage.KEY_EXCHANGE):
            with connection:
                if self._silent is Stage.KEY_EXCHANGE:
                    await self._loop.sock_sendall(connection, b"SSH-2.0-silent\r\n")
                await asyncio.Event().wait()
        with suppress(asyncssh.Error, OSError):
            await self._speak(connection)

    async def _speak(self, connection: socket.socket) -> None:
        running = await asyncssh.run_server(
            connection,
            server_factory=lambda: _Account(self._allowed, self._silent, self._banner),
            server_host_keys=self._host_keys,
            server_host_certs=self._certificates,
            process_factory=self._answer,
            encoding=None,
            login_timeout=0,
            connect_timeout=None,
        )
        try:
            await running.wait_closed()
        finally:
            running.abort()

    async def _answer(self, session: asyncssh.SSHServerProcess[bytes]) -> None:
        command, *arguments = shlex.split(session.command or "") or [""]
        name = "".join(arguments).lstrip("/")
        self._counts[name] += 1
        if self._silent is Stage.COMMAND:
            await session.wait_closed()
        elif self._refusal or command != "git-upload-pack":
            words = self._refusal or "only git-upload-pack is served here"
            session.stderr.write(f"{words}\n".encode())
            session.exit(1)
        else:
            await self._upload(session, name)

    async def _upload(self, session: asyncssh.SSHServerProcess[bytes], name: str) -> None:
        pipe = asyncio.subprocess.PIPE
        program = await asyncio.create_subprocess_exec(
            *("git-upload-pack", str(self._root / name)),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env={
                "PATH": os.environ["PATH"],
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_CONFIG_SYSTEM": os.devnull,
                "GIT_PROTOCOL": session.env.get("GIT_PROTOCOL", ""),
            },
        )
        assert program.stdin
        assert program.stdout
        assert program.stderr
        if self._silent is Stage.ANSWER:
            session.stdout.write(await program.stdout.readexactly(_PART_OF_AN_ANSWER))
            await session.wait_closed()
            program.stdin.close()
        asking = asyncio.create_task(_copy(session.stdin, program.stdin))
        await _copy(program.stdout, session.stdout)
        await _copy(program.stderr, session.stderr)
        asking.cancel()
        session.exit(await program.wait())


class _Account(asyncssh.SSHServer):
    def __init__(self, allowed: set[str], silent: Stage | None, banner: str) -> None:
        self._allowed = allowed
        self._silent = silent
        self._banner = banner
        self._gone = asyncio.Event()

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the same
        self._gone.set()

    async def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - named by asyncssh
        if self._silent is Stage.LOGIN:
            await self._gone.wait()
        if self._banner:
            self._connection.send_auth_banner(f"{self._banner}\n")
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == "git" and _words(key) in self._allowed


def _words(key: asyncssh.SSHKey) -> str:
    return " ".join(key.export_public_key().decode().split()[:2])


async def _copy(source: _Reader, target: _Writer) -> None:
    with suppress(OSError, asyncssh.Error):  # one of the two has gone
        while chunk := await source.read(_CHUNK):
            target.write(chunk)
            await target.drain()
    if isinstance(target, asyncio.StreamWriter):
        target.close()  # the end that git waits for; a session has one end for both its streams


async def _end_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
