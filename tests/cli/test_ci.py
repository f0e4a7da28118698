"""The examples for CI systems, run as those run them, on a good and on a bad pack.

What they install is made from this source tree, without a package index: pip is told by its
environment to take what is there already.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from hack.packrepo import pack
from tests.cli.conftest import bad, write

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "ci"
SHIPPED = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "controller")
BIN = Path(sys.executable).parent
# `0` is how pip's environment spells `--no-build-isolation` (pip's issue 5735).
OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_BUILD_ISOLATION": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PYTHONPATH": sysconfig.get_path("purelib"),
}
LEGACY = """\
ref: good.workflow_001
version: "1.0.0"
tasks:
  - {name: a, action: core.echo, on_success: b}
  - {name: b, action: core.echo}
"""
IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}


def example(name: str) -> Any:
    return yaml.safe_load((EXAMPLES / name).read_text())


def run(
    *command: str, folder: Path, more: Mapping[str, str] = OFFLINE, path: Path = BIN
) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, **IDENTITY, **more, "PATH": f"{path}:{os.environ['PATH']}"}
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )


def git(folder: Path, *arguments: str) -> str:
    done = run("git", *arguments, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A folder whose folder `packs` holds a good pack and one with an error."""
    made = tmp_path / "work"
    write(made / "packs" / "good", pack("good", 1))
    write(made / "packs" / "bad", bad())
    return made


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A Git repository with what is needed to install packctl from it."""
    made = tmp_path / "source"
    made.mkdir()
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            unwanted = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, made / name, ignore=unwanted)
        else:
            shutil.copy(ROOT / name, made / name)
    git(made, "init", "--quiet", "--initial-branch=main")
    git(made, "add", "--all", "--force")
    git(made, "commit", "--quiet", "--message", "Release")
    return made


def repair(packs: Path) -> None:
    (packs / "packs/bad/workflows/broken.yaml").unlink()


def test_github_actions_installs_packctl_and_annotates_the_line(
    packs: Path, source: Path, tmp_path: Path
) -> None:
    workflow = example("github-actions.yaml")
    install, validate = (
        step["run"] for step in workflow["jobs"]["validate"]["steps"] if "run" in step
    )
    # What actions/setup-python leaves behind: a Python of this job alone.
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "python"], check=True)
    assert set(workflow["env"]) == {"PACKCTL"}
    given = {**OFFLINE, "PACKCTL": f"git+file://{source}@main"}

    def step(script: str) -> subprocess.CompletedProcess[str]:
        # https://docs.github.com/actions/reference/workflow-syntax-for-github-actions, `shell`
        (tmp_path / "step.sh").write_text(script)
        shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(tmp_path / "step.sh"))
        return run(*shell, folder=packs, more=given, path=tmp_path / "python" / "bin")

    installed = step(install)
    assert installed.returncode == 0, installed.stderr
    assert (tmp_path / "python" / "bin" / "packctl").exists()

    refused = step(validate)
    assert refused.returncode == 1, refused.stderr
    (line,) = refused.stdout.splitlines()
    assert line.startswith(
        "::error file=packs/bad/workflows/broken.yaml,line=3,col=8,endLine=3,endColumn=12,"
        "title=ATT203::"
    )
    repair(packs)
    accepted = step(validate)
    assert (accepted.returncode, accepted.stdout) == (0, "")


def test_gitlab_gets_its_report_and_people_the_text(packs: Path) -> None:
    (job,) = example("gitlab-ci.yaml").values()
    report = packs / job["artifacts"]["reports"]["codequality"]

    def script() -> subprocess.CompletedProcess[str]:
        return run("bash", "-eo", "pipefail", "-c", "\n".join(job["script"]), folder=packs)

    refused = script()
    assert refused.returncode == 1, refused.stderr
    assert refused.stdout.startswith("packs/bad/workflows/broken.yaml:3:8: error ATT203: ")
    (issue,) = json.loads(report.read_text())
    assert issue["location"]["path"] == "packs/bad/workflows/broken.yaml"
    repair(packs)
    assert script().returncode == 0
    assert json.loads(report.read_text()) == []


def test_pre_commit_installs_the_hook_and_stops_a_bad_commit(
    packs: Path, source: Path, tmp_path: Path
) -> None:
    config = example("pre-commit-config.yaml")
    (repo,) = config["repos"]
    repo["hooks"].append({"id": "packctl-fix", "stages": ["manual"]})
    repo |= {"repo": f"file://{source}", "rev": git(source, "rev-parse", "HEAD")}
    (packs / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    more = {**OFFLINE, "PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    git(packs, "init", "--quiet", "--initial-branch=main")
    assert run("pre-commit", "install", folder=packs, more=more).returncode == 0

    def commit(*paths: str) -> subprocess.CompletedProcess[str]:
        git(packs, "add", *paths)
        return run("git", "commit", "--message", "Change", folder=packs, more=more)

    # The other pack is in error, but this commit does not touch it.
    good = commit(".pre-commit-config.yaml", "packs/good")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "Validate Attune packs" in good.stderr
    refused = commit("packs/bad/pack.yaml")
    assert refused.returncode == 1
    assert "packs/bad/workflows/broken.yaml:3:8: error ATT203: " in refused.stderr
    repair(packs)
    assert commit("packs/bad").returncode == 0

    write(packs, {"packs/good/workflows/workflow_001.yaml": LEGACY})
    fix = ("pre-commit", "run", "packctl-fix", "--hook-stage", "manual", "--all-files")
    fixed = run(*fix, folder=packs, more=more)
    assert (fixed.returncode, "files were modified by this hook" in fixed.stdout) == (1, True)
    assert "on_success" not in (packs / "packs/good/workflows/workflow_001.yaml").read_text()
    assert run(*fix, folder=packs, more=more).returncode == 0


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("pack.yaml", True),
        ("packs/a/packctl.toml", True),
        ("packs/a/workflows/b.yml", True),
        ("packs/a/actions/workflows/b.yaml", True),
        ("packs/a/actions/b.yaml", True),
        ("packs/a/actions/b.sh", False),
        ("packs/a/workflows/old/b.yaml", False),
        (".github/workflows/ci.yaml", False),
        ("docs/mypack.yaml", False),
    ],
)
def test_the_hooks_take_the_files_of_packs(name: str, *, taken: bool) -> None:
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()):
        found = re.search(hook["files"], name) and not re.search(hook["exclude"], name)
        assert bool(found) is taken
