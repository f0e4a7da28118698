"""What is wanted of a repository: the reference and the folder. Pure; imports `errors`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from controller.errors import InvalidSpec, Reason
from controller.redact import brief
from controller.source.access import OPEN, Access
from controller.source.signatures.policy import Policy
from controller.source.versions import check_range


class ReferenceKind(Enum):
    """What a reference's name is the name of."""

    HEAD = "HEAD"
    BRANCH = "branch"
    TAG = "tag"
    SEMVER = "semver"
    NAME = "name"
    COMMIT = "commit"


_CALLED = {ReferenceKind.NAME: "reference", ReferenceKind.SEMVER: "range"}
_COMMIT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")
# git-check-ref-format(1), rules 3 to 10; rule 1 (components) is `_is_component`.
_FORBIDDEN = re.compile(r"\.\.|@\{|//|[\x00-\x20\x7f~^:?*\[\\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class GitReference:
    """What to follow: the remote's HEAD, a branch, a tag, the newest tag in a range of versions, a
    full name such as `refs/pull/7/head`, or a commit. Raises `InvalidSpec` for an unusable `name`.
    """

    kind: ReferenceKind = ReferenceKind.HEAD
    name: str = ""

    def __post_init__(self) -> None:
        if self.kind is ReferenceKind.COMMIT:
            if not _COMMIT.match(self.name):
                raise InvalidSpec(
                    Reason.INVALID_SPEC,
                    f"The commit '{brief(self.name, limit=80)}' is not a full commit id.",
                    hint="Give all 40 (or 64) hexadecimal digits, in lower case.",
                )
        elif self.kind is ReferenceKind.SEMVER:
            check_range(self.name)
        elif self.kind is ReferenceKind.NAME and not self.name.startswith("refs/"):
            raise InvalidSpec(
                Reason.INVALID_SPEC,
                f"'{brief(self.name, limit=80)}' is not the full name of a reference.",
                hint="Write spec.git.ref.name like 'refs/heads/main' or 'refs/pull/7/head'.",
            )
        elif self.kind is not ReferenceKind.HEAD and not is_reference_name(self.name):
            raise InvalidSpec(
                Reason.INVALID_SPEC,
                f"'{brief(self.name, limit=80)}' cannot be the name of a {self.kind.value}.",
                hint="See 'git help check-ref-format' for what git allows.",
            )

    @property
    def full_name(self) -> str:
        """The name the remote advertises it by; empty for a commit, which is not advertised, and
        for a range, which stands for one of many."""
        return {
            ReferenceKind.HEAD: "HEAD",
            ReferenceKind.BRANCH: f"refs/heads/{self.name}",
            ReferenceKind.TAG: f"refs/tags/{self.name}",
            ReferenceKind.SEMVER: "",
            ReferenceKind.NAME: self.name,
            ReferenceKind.COMMIT: "",
        }[self.kind]

    @property
    def is_range(self) -> bool:
        """Whether it stands for the newest of many tags."""
        return self.kind is ReferenceKind.SEMVER

    def __str__(self) -> str:
        if self.kind is ReferenceKind.HEAD:
            return "HEAD"
        kind = _CALLED.get(self.kind, self.kind.value)
        return f"{kind} '{self.name}'"


def is_reference_name(name: str) -> bool:
    """Whether git could have a branch or tag of this name (git-check-ref-format(1))."""
    if not name or len(name) > 255 or name == "@" or name.startswith("-") or name.endswith("."):
        return False
    return not _FORBIDDEN.search(name) and all(map(_is_component, name.split("/")))


def _is_component(part: str) -> bool:
    return bool(part) and not part.startswith(".") and not part.endswith(".lock")


@dataclass(frozen=True, slots=True)
class GitTarget:
    """A pack's place: repository, reference and folder, and what opens it.

    `path` is the pack's folder with `/`, empty for the root; `policy` says what must be signed
    (None: nothing); `timeout` bounds one `fetch` or `read` as a whole, in seconds. Raises
    `InvalidSpec` for a path that leaves the repository.
    """

    url: str
    reference: GitReference = GitReference()
    path: str = ""
    access: Access = OPEN
    policy: Policy | None = None
    timeout: float = 60.0

    def __post_init__(self) -> None:
        parts = self.path.split("/") if self.path else []
        if any(part in ("", ".", "..") for part in parts) or _CONTROL.search(self.path):
            raise InvalidSpec(
                Reason.INVALID_SPEC,
                f"The path '{brief(self.path, limit=80)}' is not a folder inside the repository.",
                hint="Write spec.git.path like packs/payments: no leading or trailing slash, "
                "no '.' or '..'.",
            )
