"""What is in a repository: the reference, the objects, the pack's folder, the signatures.

One function a step, on top of the very `GitSource` that a reconcile reads from. Each raises
`PackError`.
"""

from __future__ import annotations

from pydantic import ByteSize

from controller.doctor.case import Case, told
from controller.doctor.finding import Fact, Noted, Skipped
from controller.errors import Reason, Stalled
from controller.load.files import MANIFEST
from controller.load.select import select
from controller.pack.tree import EntryKind, PackTree
from controller.source.advertised import advertised
from controller.source.git_source import GitSource
from controller.source.login import logged_in
from controller.source.references import Advertised
from controller.source.remote import Remote
from controller.source.sighting import not_found, pinned, prefixes, sighted
from controller.source.signatures.policy import Policy
from controller.source.target import GitReference, GitTarget
from controller.status.words import plural, short

_SHORT = 8
_MAX_FOLDERS = 5
_LEFT_OUT = {"shallow": "history", "filter": "large files"}


def refers(case: Case, remote: Remote) -> Noted | Skipped:
    """Where the reference stands, or which names are like it."""
    wanted, deadline = case.reference, case.deadline
    if pinned(wanted):
        return Skipped("a commit is not looked up, but fetched")

    def look(names: tuple[str, ...]) -> Advertised:
        with told(remote):
            return logged_in(remote, deadline, lambda known: advertised(known, names, deadline))

    place = sighted(wanted, look(prefixes([wanted])))
    if place is None:
        raise not_found(remote, wanted, look(()))
    shown = f"{wanted} is the branch '{place.name}'" if wanted == GitReference() else str(wanted)
    if wanted.is_range:
        shown = f"the newest in the range '{wanted.name}' is the tag '{place.name}'"
    facts: dict[str, Fact] = {"name": place.name, "commit": place.commit, "object": place.oid}
    return Noted(f"{shown}, at {place.commit[:_SHORT]}", facts)


def fetches(case: Case, remote: Remote, features: frozenset[str] | None) -> tuple[PackTree, Noted]:
    """The objects of the commit, fetched into an empty mirror."""
    tree = _source(case, remote).fetch()
    size = sum(pack.stat().st_size for pack in case.cache.rglob("*.pack"))
    by = f" by {tree.commit.author}, {tree.commit.time:%Y-%m-%d %H:%M}" if tree.commit else ""
    facts: dict[str, Fact] = {"revision": str(tree.revision), "bytes": size}
    words = [f"{short(tree.revision)}{by}", ByteSize(size).human_readable(separator=" ")]
    if features is not None:
        missing = [name for name in ("shallow", "filter") if name not in features]
        facts |= {name: name in features for name in ("shallow", "filter")}
        words.append(
            f"the server cannot leave {' and '.join(_LEFT_OUT[name] for name in missing)} out"
            if missing
            else "without history and large files"
        )
    return tree, Noted(", ".join(words), facts)


def lists(case: Case, remote: Remote) -> Noted:
    """The pack's folder, and whether a pack is in it."""
    tree = _source(case, remote, path=case.path).fetch()
    found = select(tree, max_file_size=remote.max_file_size)
    place = f"'{case.path}'" if case.path else "the root"
    if found.manifest is None:
        folders = [
            one.path for one in tree.entries if one.kind is EntryKind.FOLDER and "/" not in one.path
        ]
        near = f" It has the folders {', '.join(folders[:_MAX_FOLDERS])}." if folders else ""
        raise Stalled(
            Reason.PACK_INVALID,
            f"There is no {MANIFEST} in {place} of {remote.url}.",
            hint=f"Set spec.git.path to the folder that holds it.{near}",
        )
    counted = [plural(len(found.workflows), "workflow file"), plural(len(found.actions), "action")]
    facts: dict[str, Fact] = {
        "path": case.path,
        "workflows": len(found.workflows),
        "actions": len(found.actions),
    }
    return Noted(f"{place}: {MANIFEST}, {', '.join(counted)}", facts)


def verifies(case: Case, remote: Remote, policy: Policy | None) -> Noted | Skipped:
    """Who signed the commit, the tag, or both."""
    if policy is None:
        return Skipped("not asked for")
    tree = _source(case, remote, policy=policy).fetch()
    assert tree.verdict  # noqa: S101  # without one, there is no tree
    signers = {"commit": tree.verdict.commit, "tag": tree.verdict.tag}
    signed = {what: str(signer) for what, signer in signers.items() if signer}
    words = [f"the {what} is signed by {signer}" for what, signer in signed.items()]
    return Noted(", ".join(words), {f"{what}Signer": signer for what, signer in signed.items()})


def _source(
    case: Case,
    remote: Remote,
    *,
    path: str = "",
    policy: Policy | None = None,
) -> GitSource:
    target = GitTarget(
        str(remote.url), case.reference, path, remote.access, policy, timeout=case.timeout
    )
    return GitSource(case.mirrors, target)
