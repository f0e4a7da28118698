"""Where programs are found and how they are built; `go` and the programs are small scripts here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hack.localcluster.binaries import Program, ensure, find, version
from hack.localcluster.progress import BuildError
from tests.hack.processes import wait_until, wait_until_gone

ANSWERS = {
    Program.KUBE_APISERVER: "Kubernetes v1.37.1",
    Program.ETCD: "etcd Version: 3.7.0\nGit SHA: 1234567\nGo Version: go1.26.0",
    Program.KUBECTL: '{"clientVersion": {"major": "1", "gitVersion": "v1.37.1"}}',
    Program.HELM: "v4.3.1",
}
TOO_OLD = {
    Program.KUBE_APISERVER: "Kubernetes v1.20.1",
    Program.ETCD: "etcd Version: 3.3.25",
    Program.KUBECTL: '{"clientVersion": {"gitVersion": "v1.32.4-dispatcher"}}',
    Program.HELM: "v2.17.0",
}
# What `go build -C MODULE ... -o FILE PACKAGE` does; `go version` answers on its first line.
GO = """
if [ "$1" = version ]; then echo "go version go1.26.8 linux/amd64"; exit; fi
for last; do :; done
echo "$last" >>"$BUILT"
while [ "$1" != -o ]; do shift; done
"""
BUILDS = GO + 'echo "#!/bin/sh" >"$2"; chmod +x "$2"\n'
FAILS = GO + 'for i in $(seq 50); do echo "line $i"; done; exit 1\n'
HANGS_AT_ETCD = GO + 'echo half >"$2"; case "$last" in *etcd) exec sleep 600;; esac\n'
ENSURE = "from hack.localcluster.binaries import ensure; ensure()"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first folder of PATH; behind it come only the tools that the scripts themselves use."""
    folder = tmp_path / "path"
    folder.mkdir()
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "seq", "sleep", "chmod"):
        located = next(
            Path(each, tool) for each in ("/usr/bin", "/bin") if Path(each, tool).exists()
        )
        (tools / tool).symlink_to(located)
    monkeypatch.setenv("PATH", f"{folder}:{tools}")
    monkeypatch.setenv("ATTUNE_PACK_CONTROLLER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("BUILT", str(tmp_path / "built"))
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    return folder


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}")
    path.chmod(0o755)
    return path


def says(folder: Path, program: Program, answers: dict[Program, str]) -> Path:
    return script(
        folder / program.value, f"cat <<'END'\n{answers[program]}\nEND\n".replace("cat", "/bin/cat")
    )


def built(tmp_path: Path) -> list[str]:
    return [line.rpartition("/")[2] for line in (tmp_path / "built").read_text().splitlines()]


@pytest.mark.parametrize("program", list(Program), ids=lambda program: program.value)
def test_assets_come_before_path_and_path_before_the_cache(
    program: Program, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find(program) is None
    script(path / "go", BUILDS)
    cached = ensure()[program]
    assert find(program) == cached
    on_path = says(path, program, ANSWERS)
    assert find(program) == on_path
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path / "assets"))
    assert find(program) == on_path
    asset = says(tmp_path / "assets", program, ANSWERS)
    assert find(program) == asset


@pytest.mark.parametrize("program", list(Program), ids=lambda program: program.value)
def test_what_is_too_old_or_does_not_answer_is_passed_over(program: Program, path: Path) -> None:
    executable = says(path, program, TOO_OLD)
    assert version(program, executable) > (0, 0)
    assert find(program) is None
    script(path / program.value, "exit 1\n")
    assert find(program) is None
    (path / program.value).write_text("not a program")
    assert find(program) is None


def test_only_what_is_missing_is_built_and_only_once(path: Path, tmp_path: Path) -> None:
    script(path / "go", BUILDS)
    says(path, Program.HELM, ANSWERS)
    first = ensure()
    assert ensure() == first
    assert built(tmp_path) == ["kube-apiserver", "etcd", "kubectl"]


def test_two_at_once_build_once(path: Path, tmp_path: Path) -> None:
    script(path / "go", BUILDS)
    both = [subprocess.Popen([sys.executable, "-c", ENSURE]) for _ in range(2)]
    assert [each.wait() for each in both] == [0, 0]
    assert len(built(tmp_path)) == len(Program)


def test_a_build_that_fails_shows_its_end_and_what_to_do(path: Path) -> None:
    script(path / "go", FAILS)
    with pytest.raises(BuildError) as failed:
        ensure()
    message = str(failed.value)
    assert "Building kube-apiserver failed" in message
    assert "line 50" in message
    assert "line 5\n" not in message
    assert "run the same command again" in message


def test_an_interrupted_build_is_taken_up_where_it_was(path: Path, tmp_path: Path) -> None:
    script(path / "go", HANGS_AT_ETCD)
    with subprocess.Popen(
        [sys.executable, "-c", ENSURE], stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        wait_until(lambda: (tmp_path / "built").exists() and len(built(tmp_path)) == 2)
        os.killpg(process.pid, signal.SIGKILL)
        wait_until_gone({process.pid})
    assert find(Program.KUBE_APISERVER)
    assert find(Program.ETCD) is None
    script(path / "go", BUILDS)
    ensure()
    assert built(tmp_path) == ["kube-apiserver", "etcd", "etcd", "kubectl", "helm"]


def test_other_sources_or_flags_are_another_place_in_the_cache(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(path / "go", BUILDS)
    before = ensure()[Program.ETCD]
    monkeypatch.setattr("platform.machine", lambda: "another")
    assert ensure()[Program.ETCD].parent.parent == before.parent.parent
    assert ensure()[Program.ETCD] != before
