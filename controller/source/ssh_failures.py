"""What can go wrong over ssh alone, each with its text: see `failures`. Pure."""

from __future__ import annotations

from enum import Enum

from controller.errors import Reason, Stalled, Transient
from controller.source.failure_text import Text
from controller.source.urls import RemoteUrl

_VERIFY = (
    "Compare what '{keyscan} | ssh-keygen -lf -' prints with the fingerprints that those who run "
    "the server publish, then put the lines of '{keyscan}' into known_hosts of the Secret named in "
    "spec.git.secretRef."
)


class SshFailure(Enum):
    """The failures, by name."""

    NO_KEY = Text(
        Stalled,
        Reason.AUTHENTICATION_FAILED,
        "{url} is reached by ssh, which needs a key and the server's host keys.",
        "Create a Secret with identity (a private key) and known_hosts (the lines of '{keyscan}', "
        "once their fingerprints are verified) in the Pack's namespace and name it in "
        "spec.git.secretRef.",
    )
    NO_SSH = Text(
        Stalled,
        Reason.INTERNAL_ERROR,
        "ssh is not installed where the controller runs.",
        "Install OpenSSH's client there (on Debian: apt-get install openssh-client), or use the "
        "https:// URL of the repository.",
    )
    NO_NAME = Text(
        Stalled,
        Reason.INTERNAL_ERROR,
        "ssh does not run for a user without a name, and the controller's has none ({detail}).",
        "Run the controller as its image's own user (65532), or give the user of its Pod a line in "
        "/etc/passwd.",
    )
    TLS_PROXY = Text(
        Stalled,
        Reason.INVALID_SPEC,
        "A proxy that is itself reached by https:// cannot carry ssh.",
        "Name a Secret with the address of an http:// or socks5:// proxy in "
        "spec.git.proxySecretRef, or use the https:// URL of the repository.",
    )
    HOST_KEY_CHANGED = Text(
        Stalled,
        Reason.HOST_KEY_MISMATCH,
        "The server of {url} shows another host key{detail} than known_hosts has.",
        f"Either it was given a new key, or somebody is in between. {_VERIFY}",
    )
    HOST_KEY_REVOKED = Text(
        Stalled,
        Reason.HOST_KEY_MISMATCH,
        "The server of {url} shows a host key that known_hosts marks as revoked.",
        f"Somebody may be in between. {_VERIFY}",
    )
    HOST_KEY_UNKNOWN = Text(
        Stalled,
        Reason.HOST_KEY_MISMATCH,
        "known_hosts has no host key of the server of {url}.",
        _VERIFY,
    )
    HOST_KEY_REFUSED = Text(
        Stalled,
        Reason.HOST_KEY_MISMATCH,
        "The server of {url} cannot prove by known_hosts that it is the right one.",
        _VERIFY,
    )
    KEY_REFUSED = Text(
        Stalled,
        Reason.AUTHENTICATION_FAILED,
        "The server of {url} refuses the key in the Secret for the user '{user}'.",
        "Add its public half ('ssh-keygen -y -f identity' prints it) to the account or, as a "
        "deploy key, to the repository; or correct the user in spec.git.url, or identity in the "
        "Secret named in spec.git.secretRef.",
    )
    NOT_FOUND = Text(
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
        "There is no repository at {url}, or it is hidden from the key in the Secret.",
        "Check spec.git.url, and that the key may read the repository. Where the path begins in "
        "the home folder of '{user}', write ssh://{user}@{place}/~/path.",
    )
    NOT_GIT = Text(
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
        "The server lets us in at {url}, but does not answer as a Git server ({detail}).",
        "Check host, port and user in spec.git.url, and that git is installed there.",
    )
    NOTHING_IN_COMMON = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "ssh and the server of {url} have no algorithm in common ({detail}).",
        "Update the server: it offers only what is no longer held to be safe.",
    )
    HUNG_UP = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "The server of {url} closed the connection without a word.",
        "It is tried again; if this stays, ask those who run the server.",
    )


def keyscan(remote: RemoteUrl) -> str:
    """The command that prints the host keys of the server of `remote`."""
    host = remote.host.strip("[]")
    return f"ssh-keyscan -p {remote.port} {host}" if remote.port else f"ssh-keyscan {host}"
