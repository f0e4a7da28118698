"""`packctl validate`: every problem of packs, without a cluster and without writing anything."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from controller.cli import fixing, flags, trust
from controller.cli.asking import MakeSpec, arguments, settings
from controller.cli.checking import Checker
from controller.cli.job import Find, Job
from controller.cli.levels import levels
from controller.cli.login import Login, with_login
from controller.cli.modes import Modes
from controller.cli.output import Exit, fail
from controller.cli.reporting import Reporting
from controller.cli.targets import Repositories, Target, targets, unsaved
from controller.errors import PackError
from controller.formats import Form
from controller.pack.spec import GitRef, PackSpec, ValidationSpec
from controller.store import DatabaseSettings, Store


@with_login
def validate(
    sources: flags.Sources = None,
    form: flags.FormFlag = Form.TEXT,
    output_file: flags.OutputFile = None,
    *,
    quiet: flags.Quiet = False,
    statistics: flags.Statistics = False,
    strict: flags.Strict = False,
    severity: flags.Severities = None,
    ref: flags.Ref = None,
    max_file_size: flags.MaxFileSize = "1Mi",
    database: flags.Database = None,
    branch: flags.Branch = None,
    tag: flags.Tag = None,
    semver: flags.Semver = None,
    name: flags.FullName = None,
    commit: flags.Commit = None,
    path: flags.PathInside = "",
    verify_mode: trust.VerifyMode = None,
    verify_keys: trust.VerifyKeys = None,
    fix: flags.Fix = False,
    diff: flags.Diff = False,
    watch: flags.Watch = False,
    stdin: flags.Stdin = False,
    stdin_filename: flags.StdinFilename = None,
    login: Login,
) -> None:
    """Check packs and print all problems, each with its file, line and column.

    A pack is always checked as a whole, because files refer to each other: a file
    stands for the pack that it is in. docs/validate.md tells all of it.

    Exit codes: 0 no errors (and no warnings, with --strict), 1 errors,
    2 something could not be checked.

    Examples:

      packctl validate

      packctl validate packs/payments packs/billing --strict

      packctl validate https://git.example.com/acme/packs.git --path packs/pay

      packctl validate packs --format gitlab --output-file codequality.json

      packctl validate --diff && packctl validate --watch
    """
    modes = Modes(tuple(sources or ()), fix, diff, watch, stdin, stdin_filename)
    problem = modes.problem()
    if problem is not None:
        fail(ValueError(problem))
    make = _maker(ref, max_file_size, severity or [])
    # The environment is read for its cache only where something is to be cached.
    cache = settings().cache_dir if modes.urls else Path()
    with arguments():
        wanted = GitRef(branch=branch, tag=tag, semver=semver, name=name, commit=commit)
    policy = trust.policy(verify_mode, verify_keys)
    remote = Repositories(wanted, path, cache, login, policy)
    if stdin_filename is None:
        find = _finder(modes, remote, make, ref)
    else:
        find = _finder_of_one(stdin_filename, make, fix=fix)
    reporting = Reporting(
        form, output_file, quiet=quiet, statistics=statistics, aside=stdin and fix
    )
    if diff:
        raise typer.Exit(_show_diff(find()))
    if fix:
        _repair(find())
    with _store(database) as store:
        job = Job(find, Checker(store), reporting, strict)
        if watch:
            job.watch([Path(one) for one in modes.sources or (".",)])
        raise typer.Exit(job.run())


def _maker(ref: str | None, max_file_size: str, severities: list[str]) -> MakeSpec:
    try:
        wanted = levels(severities)
    except ValueError as error:
        fail(error)
    with arguments():
        limits = ValidationSpec.model_validate({"maxFileSize": max_file_size})
    validation = limits.model_copy(update={"severities": wanted})
    return lambda git: PackSpec(ref=ref, git=git, validation=validation)


def _finder(modes: Modes, remote: Repositories, make: MakeSpec, ref: str | None) -> Find:
    def find() -> list[Target]:
        found = targets(modes.sources or (".",), remote, make)
        if ref is not None and len(found) > 1:
            fail(ValueError(f"--ref is for one pack, and these are {len(found)}."))
        return found

    return find


def _finder_of_one(file: Path, make: MakeSpec, *, fix: bool) -> Find:
    content = sys.stdin.buffer.read()
    target = unsaved(file, content, make)
    if fix:
        for one in fixing.repairs([target]):
            fixing.tell(one)
            content = one.fixed.text.encode()
        typer.echo(content, nl=False)
        target = unsaved(file, content, make)
    return lambda: [target]


def _repair(found: list[Target]) -> None:
    for one in fixing.repairs(found):
        fixing.write(one)
        fixing.tell(one)


def _show_diff(found: list[Target]) -> Exit:
    diffs = [one.diff for one in fixing.repairs(found)]
    typer.echo("".join(diffs), nl=False)
    return Exit.REFUSED if any(diffs) else Exit.GOOD


@contextmanager
def _store(url: str | None) -> Iterator[Store | None]:
    """The database to ask, when there is one; nothing is prepared in it, because that writes."""
    if url is None:
        yield None
        return
    try:
        with Store(DatabaseSettings(url)) as store:
            yield store
    except PackError as error:
        fail(error)
