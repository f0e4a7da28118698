"""Arguments of the command line → what a reconcile is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from controller.cli.output import fail
from controller.config import Settings
from controller.errors import PackError
from controller.pack.identity import COMMAND_LINE
from controller.pack.spec import GitRef, GitSpec, PackSpec
from controller.reconcile import Asked, asked_source
from controller.source.access import OPEN, Access
from controller.source.folder import FolderSource
from controller.source.mirrors import Mirrors
from controller.source.signatures.policy import Policy
from controller.source.urls import Scheme

MakeSpec = Callable[[GitSpec], PackSpec]


def settings(**given: Any) -> Settings:
    """The environment's settings with those that were `given` in their place."""
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        fail(ValueError(f"PACKCTL_{str(first['loc'][0]).upper()}: {first['msg']}."))


@contextmanager
def arguments() -> Iterator[None]:
    """Within it, an argument that is not as it must be ends the command with its name."""
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        fail(ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}."))


def folder(path: Path, make: MakeSpec) -> Asked:
    """The pack in a local folder."""
    if not path.is_dir():
        fail(NotADirectoryError(f"There is no folder {path}. Name the one that holds pack.yaml."))
    git = GitSpec(url=path.resolve().as_uri())
    with arguments():
        return Asked(COMMAND_LINE, 0, make(git), FolderSource(path))


def check_one(ref: GitRef) -> None:
    """End the command when more than one reference is named."""
    given = [name for name, value in ref.model_dump().items() if value]
    if len(given) > 1:
        fail(ValueError(f"Give only one of {', '.join('--' + name for name in given)}."))


def repository(
    url: str,
    ref: GitRef,
    path: str,
    cache: Path,
    make: MakeSpec,
    access: Access = OPEN,
    policy: Policy | None = None,
) -> Asked:
    """The pack in a Git repository; whoever runs the command may use every scheme."""
    check_one(ref)
    with arguments():
        spec = make(GitSpec(url=url, ref=ref, path=path))
    try:
        mirrors = Mirrors(cache, frozenset({Scheme.HTTP, Scheme.FILE}))
        return Asked(COMMAND_LINE, 0, spec, asked_source(spec, mirrors, access, policy))
    except PackError as error:
        fail(error)
