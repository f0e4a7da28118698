"""The examples that comment on pull requests, run as CI systems run them.

`packctl`, its database and the scripts are real. GitHub's `gh` is a script that keeps comments in a
folder, GitLab's API a server that keeps notes in memory.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from hack.packrepo import pack
from tests.cli.conftest import bad, write
from tests.cli.test_ci import BIN, example, run

_GH = """\
#!/usr/bin/env python3
import os, pathlib, sys
made = pathlib.Path(os.environ["KEPT"])
method, url = "GET", ""
body = None
given = iter(sys.argv[2:])
for one in given:
    if one == "--method":
        method = next(given)
    elif one == "--field":
        name, _, file = next(given).partition("=@")
        assert name == "body"
        body = pathlib.Path(file).read_text()
    elif one == "--jq":
        assert "startswith(env.MARK)" in next(given)
    elif not one.startswith("--"):
        url = one
if body is None:
    for kept in sorted(made.iterdir()):
        if kept.read_text().startswith(os.environ["MARK"]):
            print(kept.name)
elif method == "PATCH":
    kept = made / url.rpartition("/")[2]
    assert kept.exists()
    kept.write_text(body)
else:
    (made / str(len(list(made.iterdir())) + 1)).write_text(body)
"""

Job = Callable[[], CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clone with a pack that the database does not have."""
    made = tmp_path / "work"
    write(made / "packs/payments", pack("payments", 1))
    return made


def _twice(folder: Path, job: Job, kept: Callable[[], list[str]]) -> None:
    """The comment of a second push takes the place of the first one's; errors fail the job."""
    first = job()
    assert first.returncode == 0, first.stdout + first.stderr
    [comment] = kept()
    assert "1 to create" in comment
    write(folder / "packs/payments", pack("payments", 2))
    assert job().returncode == 0
    [comment] = kept()
    assert "2 to create" in comment
    write(folder / "packs/payments", bad("payments"))
    assert job().returncode == 1
    [comment] = kept()
    assert "workflows/broken.yaml:3:8: error" in comment


def test_github_has_one_comment_that_is_renewed(
    folder: Path, tmp_path: Path, database: str
) -> None:
    workflow = example("github-actions-diff.yaml")
    assert workflow["permissions"]["pull-requests"] == "write"
    steps = [step["run"] for step in workflow["jobs"]["diff"]["steps"] if "run" in step][1:]
    kept, tools = tmp_path / "kept", tmp_path / "tools"
    kept.mkdir()
    write(tools, {"gh": _GH})
    (tools / "gh").chmod(0o755)
    (tools / "packctl").symlink_to(BIN / "packctl")
    variables = {
        "PACKCTL_DATABASE_URL": database,
        "KEPT": str(kept),
        "GITHUB_ENV": str(tmp_path / "env"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "COMMENTS": "repos/acme/packs/issues/7/comments",
        "COMMENT": "repos/acme/packs/issues/comments",
    }

    def job() -> CompletedProcess[str]:
        done = None
        (tmp_path / "env").write_text("")
        for step in steps:
            (tmp_path / "step.sh").write_text(step)
            told = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().split())
            shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(tmp_path / "step.sh"))
            done = run(*shell, folder=folder, more={**variables, **told}, path=tools)
            if done.returncode:
                break
        assert done
        return done

    _twice(folder, job, lambda: [one.read_text() for one in kept.iterdir()])
    assert "to create" in (tmp_path / "summary").read_text()


def test_gitlab_has_one_note_that_is_renewed(folder: Path, database: str) -> None:
    [job] = example("gitlab-ci-diff.yaml").values()
    with _gitlab() as (url, notes):
        variables = {
            "PACKCTL_DATABASE_URL": database,
            "PACKS_TOKEN": "secret",
            "CI_API_V4_URL": url,
            "CI_PROJECT_ID": "5",
            "CI_MERGE_REQUEST_IID": "7",
        }
        script = "\n".join(job["script"])
        shell = ("bash", "-eo", "pipefail", "-c", script)
        _twice(folder, lambda: run(*shell, folder=folder, more=variables), lambda: list(notes))


@contextmanager
def _gitlab() -> Iterator[tuple[str, list[str]]]:
    """The notes of one merge request, as https://docs.gitlab.com/api/notes/ tells of them."""
    notes: list[str] = []

    class Notes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path.startswith("/projects/5/merge_requests/7/notes?")
            self._answer([{"id": place, "body": body} for place, body in enumerate(notes)])

        def do_POST(self) -> None:
            notes.append(self._body())
            self._answer({})

        def do_PUT(self) -> None:
            notes[int(self.path.rpartition("/")[2])] = self._body()
            self._answer({})

        def _body(self) -> str:
            assert self.headers["PRIVATE-TOKEN"] == "secret"
            return str(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"])

        def _answer(self, value: Any) -> None:
            data = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Notes) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", notes
        finally:
            server.shutdown()
            thread.join()
