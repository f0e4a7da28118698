"""The sources of `packctl validate` → the packs to check, and what their files are called."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from controller.cli.asking import MakeSpec, folder, repository
from controller.cli.login import Login
from controller.cli.output import fail
from controller.cli.roots import NoPackError, absolute, root_of, roots
from controller.pack.spec import GitRef
from controller.reconcile import Asked
from controller.redact import public_url
from controller.source.access import Access
from controller.source.overlay import Overlay
from controller.source.signatures.policy import Policy
from controller.source.urls import is_url


@dataclass(frozen=True, slots=True)
class Target:
    """One pack to check: what the user calls it, and the folder that its files are shown in.

    `folder` is None for a repository; `only` is the one file to report of, or None.
    """

    name: str
    shown_in: str
    asked: Asked
    folder: Path | None = None
    only: str | None = None

    def at(self, file: str) -> str:
        """What the user calls a file of the pack."""
        return file if self.shown_in in ("", ".") else f"{self.shown_in}/{file}"


@dataclass(frozen=True, slots=True)
class Repositories:
    """How to reach the sources that are URLs."""

    ref: GitRef
    path: str
    cache: Path
    login: Login
    policy: Policy | None = None

    @property
    def given(self) -> list[str]:
        """The options that only a URL can have, as they are typed."""
        named = [f"--{name}" for name, value in self.ref.model_dump().items() if value]
        rest = {"--path": self.path, "--verify-keys": self.policy}
        return [*named, *(name for name, value in rest.items() if value), *self.login.given]

    def misplaced(self) -> ValueError:
        """What to say of them where there is no URL."""
        named = ", ".join(self.given)
        return ValueError(f"Only a repository has {named}: leave that out, or give a URL.")


def targets(sources: Sequence[str], remote: Repositories, make: MakeSpec) -> list[Target]:
    """Every pack that is meant, each once; ends the command where a source names none."""
    urls = [one for one in sources if is_url(one)]
    paths = [Path(one) for one in sources if not is_url(one)]
    if remote.given and not urls:
        fail(remote.misplaced())
    try:
        found = roots(paths)
    except NoPackError as error:
        fail(error)
    return [*(local(root, make) for root in found), *cloned(urls, remote, make)]


def source_target(source: str, remote: Repositories, make: MakeSpec) -> Target:
    """The pack in a folder or in a repository; ends the command where options do not fit it."""
    if is_url(source):
        return cloned([source], remote, make)[0]
    if remote.given:
        fail(remote.misplaced())
    return local(Path(source), make)


def unsaved(file: Path, content: bytes, make: MakeSpec) -> Target:
    """The pack around `file`, with `content` in its place, of which only that file is reported."""
    try:
        root = root_of(file)
    except NoPackError as error:
        fail(error)
    inside = absolute(file).relative_to(absolute(root)).as_posix()
    target = local(root, make)
    overlaid = Overlay(target.asked.source, inside, content)
    return replace(target, asked=replace(target.asked, source=overlaid), only=inside)


def local(root: Path, make: MakeSpec) -> Target:
    """The pack in a folder; ends the command where there is none."""
    shown = _shown(root)
    return Target(shown, shown, folder(root, make), folder=root)


def cloned(urls: Sequence[str], remote: Repositories, make: MakeSpec) -> list[Target]:
    """The packs in repositories; ends the command where one cannot be opened."""
    return [
        _cloned(url, access, remote, make)
        for url, access in zip(urls, remote.login.open(urls), strict=True)
    ]


def _cloned(url: str, access: Access, remote: Repositories, make: MakeSpec) -> Target:
    place = (remote.ref, remote.path, remote.cache)
    asked = repository(url, *place, make, access, remote.policy)
    return Target(public_url(url), remote.path.strip("/"), asked)


def _shown(root: Path) -> str:
    """`root` from the current folder; as it is when it is elsewhere and was named from the top."""
    here, place = Path.cwd(), absolute(root)
    if not place.is_relative_to(here) and place.resolve().is_relative_to(here):
        place = place.resolve()
    if place.is_relative_to(here) or not root.is_absolute():
        place = Path(os.path.relpath(place, here))
    return os.fsencode(place.as_posix()).decode(errors="backslashreplace")
