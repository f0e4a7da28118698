"""`python -m hack.demo`: play the main job from beginning to end, and show each step."""

from __future__ import annotations

import argparse
import signal
import sys
import time

from rich.console import Console
from rich.rule import Rule

from controller.errors import PackError
from hack.demo.rows import rows
from hack.demo.stage import NAMESPACE, TOUR, Stage, stage
from hack.localcluster.cluster import CommandError
from hack.localcluster.progress import BuildError

_PACK = """
apiVersion: attune.io/v1alpha1
kind: Pack
metadata: {{name: tour, namespace: {namespace}}}
spec:
  git: {{url: "{url}", ref: {{branch: main}}}}
  interval: 10s
  # The pack core comes with Attune itself, which this database knows nothing of.
  validation: {{severities: {{ATT607: Warn}}}}
"""

_GREETING = "workflows/hello.yaml"
_READY = '{.status.conditions[?(@.type=="Ready")].reason}'
_REVISION = "{.status.lastAppliedRevision}"


class Show:
    """The demo on the terminal."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
        self._began = time.monotonic()

    def title(self, text: str) -> None:
        """Begin a new act."""
        self.console.print()
        self.console.print(Rule(f"[bold]{text}", align="left"))

    def say(self, text: str) -> None:
        """One line of progress, with the seconds since the beginning."""
        self.console.print(f"[dim]{time.monotonic() - self._began:6.1f} s[/]  {text}")

    def kubectl(self, played: Stage, *arguments: str) -> None:
        """A kubectl command and its real output."""
        self.console.print(f"[bold cyan]$ kubectl {' '.join(arguments)}", soft_wrap=True)
        self.console.print(played.run(*arguments, "-n", NAMESPACE), markup=False, soft_wrap=True)


def play(show: Show, played: Stage) -> None:
    """A first sync, a good push, a bad push, and the repair of it."""
    files = {
        str(path.relative_to(TOUR)): path.read_bytes()
        for path in sorted(TOUR.rglob("*"))
        if path.is_file()
    }
    show.title("1. kubectl apply a Pack that points at a Git repository")
    played.repository.commit(files, message="Tour of the workflow format")
    played.run("apply", "-f", "-", text=_PACK.format(namespace=NAMESPACE, url=played.url))
    with show.console.status("waiting for the controller"):
        played.wait(_READY, "Succeeded")
    show.kubectl(played, "get", "packs")
    show.console.print(rows(played.database))

    show.title("2. git push a change of one workflow")
    changed = files[_GREETING].replace(b'version: "1.', b'version: "2.', 1)
    _push(show, played, {_GREETING: changed}, "Greet in a new way")
    show.kubectl(played, "get", "packs")
    show.console.print(rows(played.database))

    show.title("3. git push a broken workflow: nothing is lost, and the status says where")
    broken = changed.replace(b"tasks:", b"taskz:", 1)
    played.repository.commit({_GREETING: broken}, message="Break it")
    with show.console.status("waiting for the controller to look (interval: 10s)"):
        played.wait(_READY, "ValidationFailed")
    show.kubectl(played, "get", "packs")
    show.kubectl(played, "describe", "pack", "tour")
    show.console.print("The rows are those of the last good commit:")
    show.console.print(rows(played.database))

    show.title("4. git push the repair")
    _push(show, played, {_GREETING: changed, "workflows/legacy.workflow.yaml": None}, "Repair it")
    show.kubectl(played, "get", "packs")
    show.kubectl(played, "events", "--for", "pack/tour")
    show.console.print("The workflow whose file is gone is gone from the database:")
    show.console.print(rows(played.database))


def _push(show: Show, played: Stage, files: dict[str, bytes | None], message: str) -> None:
    commit = played.repository.commit(files, message=message)
    with show.console.status("waiting for the controller to look (interval: 10s)"):
        played.wait(_REVISION, commit)
        played.wait(_READY, "Succeeded")


def main() -> int:
    """Play; with --keep-running leave everything up until Ctrl-C. The exit code."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--keep-running", action="store_true", help="stay until Ctrl-C")
    keep = parser.parse_args().keep_running
    show = Show()
    try:
        show.title("Starting, all on this machine")
        with stage(show.say) as played:
            play(show, played)
            if keep:
                _stay(show, played)
            show.title("Stopping")
    except (PackError, CommandError, BuildError, TimeoutError) as error:
        show.console.print(f"[bold red]error:[/] {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    show.say("All stopped and removed.")
    return 0


def _stay(show: Show, played: Stage) -> None:
    show.title("Running until Ctrl-C")
    kubeconfig = played.environment.get("KUBECONFIG", "")
    show.console.print(
        f"export KUBECONFIG={kubeconfig}\nexport DATABASE_URL={played.database}\n"
        f"git clone {played.url}\nlog: {played.log}\n"
        f"page: http://{played.page}/\nits token: {played.token()}",
        markup=False,
        soft_wrap=True,
    )
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    sys.exit(main())
