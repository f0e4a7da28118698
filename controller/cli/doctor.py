"""`packctl doctor git`: why a repository opens, or why it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from controller.cli import flags
from controller.cli.asking import arguments, check_one
from controller.cli.diagnosis import tell
from controller.cli.hints import typed
from controller.cli.login import Login, with_login
from controller.cli.output import Format, Output, fail
from controller.cli.patient import of_pack, of_url
from controller.cli.progress import Progress
from controller.cli.trust import VerifyKeys, VerifyMode, policy
from controller.doctor import Finding, Keys, Step, diagnose
from controller.pack.quantity import DURATION_PATTERN, seconds
from controller.pack.spec import GitRef
from controller.source.urls import is_url

app = typer.Typer(
    name="doctor", help="Explain step by step what works and what does not.", no_args_is_help=True
)

_PACK = "For a Pack"


@app.callback()
def doctor() -> None:
    """Explain step by step what works and what does not."""


@app.command()
@with_login
def git(
    subject: Annotated[
        str, typer.Argument(metavar="NAME|URL", help="A Pack of the cluster, or a repository.")
    ],
    namespace: Annotated[
        str | None,
        typer.Option("-n", "--namespace", help="Its namespace.", rich_help_panel=_PACK),
    ] = None,
    kubeconfig: Annotated[
        Path | None, typer.Option(help="kubeconfig file.", rich_help_panel=_PACK)
    ] = None,
    branch: flags.Branch = None,
    tag: flags.Tag = None,
    semver: flags.Semver = None,
    name: flags.FullName = None,
    commit: flags.Commit = None,
    path: flags.PathInside = "",
    verify_mode: VerifyMode = None,
    verify_keys: VerifyKeys = None,
    timeout: Annotated[
        str | None, typer.Option(help="How long one step may take, such as 30s.")
    ] = None,
    output: Output = Format.TEXT,
    *,
    login: Login,
) -> None:
    """Explain step by step why a repository opens, or why it does not.

    From the URL to the signature, with the controller's own code, until a step
    fails. A Pack is examined with its Secrets, and its status is compared with
    what is found; in the controller's Pod this sees what the controller sees. A
    private URL is opened as docs/private-repositories.md tells. Nothing is
    written, and no secret printed. docs/doctor.md tells what each step does.

    Exit codes: 0 all works, 1 something does not, 2 nothing could be examined.

    Examples:

      packctl doctor git payments -n team-a

      packctl doctor git https://git.example.com/acme/packs.git --branch main --path packs/pay

      packctl doctor git git@github.com:acme/packs.git --ssh-key deploy_key

      packctl doctor git payments -n team-a -o json | jq -r '.steps[] | select(.result=="failed")'

      kubectl exec deploy/attune-pack-controller -- packctl doctor git payments -n team-a
    """
    ref = _ref(branch=branch, tag=tag, semver=semver, name=name, commit=commit)
    limit = _seconds(timeout)
    with ExitStack() as stack:
        cache = Path(stack.enter_context(TemporaryDirectory(prefix="packctl-doctor-")))
        if is_url(subject):
            _refuse("Only a Pack has", {"--namespace": namespace, "--kubeconfig": kubeconfig})
            keys = Keys(login.open([subject])[0], policy(verify_mode, verify_keys), "as given")
            patient = of_url(subject, ref, path, keys, limit, cache)
        else:
            given = {f"--{option}": value for option, value in ref.model_dump().items()}
            rest = {"--path": path, "--verify-keys": verify_keys, "--verify-mode": verify_mode}
            _refuse("Only a URL has", {**given, **rest, **dict.fromkeys(login.given, True)})
            patient = stack.enter_context(of_pack(subject, namespace, kubeconfig, limit, cache))
        found = diagnose(patient.case, patient.told, _shown)
        code = tell(patient.subject, found if patient.told else map(_for_options, found), output)
    raise typer.Exit(code)


def _for_options(found: Finding) -> Finding:
    """`found` in the words of options, where there is no Pack with fields."""
    return replace(found, detail=typed(found.detail), hint=typed(found.hint))


def _ref(**given: str | None) -> GitRef:
    with arguments():
        ref = GitRef(**given)
    check_one(ref)
    return ref


def _seconds(timeout: str | None) -> float | None:
    if timeout is None:
        return None
    if not re.fullmatch(DURATION_PATTERN, timeout) or not seconds(timeout):
        fail(ValueError(f"--timeout {timeout} is no duration: write it like 30s or 1m30s."))
    return seconds(timeout)


def _refuse(owner: str, given: Mapping[str, object]) -> None:
    misplaced = [option for option, value in given.items() if value]
    if misplaced:
        fail(ValueError(f"{owner} {', '.join(misplaced)}: leave that out."))


@contextmanager
def _shown(step: Step) -> Iterator[None]:
    """A line on the terminal while a step is done, when that takes long."""
    with Progress() as progress:
        progress.say(step.value)
        yield
