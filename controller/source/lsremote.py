"""The references of a remote, asked for by `git ls-remote`. Imports this room's values."""

from __future__ import annotations

from controller.source.commands import run_git
from controller.source.opening import opened
from controller.source.references import Advertised
from controller.source.remote import Remote


def ls_remote(remote: Remote, prefixes: tuple[str, ...], deadline: float) -> Advertised:
    """As `advertised.advertised`. Git makes the server send all references, whatever is wanted."""
    arguments = ["ls-remote", "--quiet", "--symref", "--end-of-options", str(remote.url)]
    patterns = [f"{prefix}*" for prefix in prefixes]
    with opened(remote, deadline) as environment:
        found = run_git([*arguments, *patterns], environment, deadline=deadline)
    if found.code:
        raise remote.explain(found.errors) or remote.unknown(found.errors)
    seen = parse_advertised(found.output)
    # A pattern of git's also matches at the end of a longer name.
    ids = {name: oid for name, oid in seen.ids.items() if name.startswith(prefixes or "")}
    return Advertised(ids, seen.head)


def parse_advertised(output: bytes) -> Advertised:
    """The lines `<oid>\\t<name>` and `ref: <name>\\tHEAD` of `git ls-remote --symref`."""
    ids = {}
    head = ""
    for line in output.decode(errors="backslashreplace").splitlines():
        value, _, name = line.partition("\t")
        if not value.startswith("ref: "):
            ids[name] = value
        elif name == "HEAD":
            head = value.removeprefix("ref: ")
    return Advertised(ids, head)
