"""`packctl validate` on what is not saved yet, and where it changes files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Packctl, write

LEGACY = """\
ref: good.old  # keep me
version: "1.0.0"
tasks:
  - name: first
    action: core.echo
    on_success: second
  - name: second
    action: core.echo
"""
FIXED = """\
ref: good.old  # keep me
version: "1.0.0"
tasks:
  - name: first
    action: core.echo
    next:
      - when: "{{ succeeded() }}"
        do:
          - second
  - name: second
    action: core.echo
"""
NAME = "good/workflows/old.yaml"


@pytest.fixture
def legacy(packctl: Packctl, tmp_path: Path) -> Path:
    """A file in the pack `good` for which there is a fix."""
    del packctl
    write(tmp_path, {NAME: LEGACY})
    return tmp_path / NAME


def test_standard_input_is_checked_in_the_pack_around_its_name(packctl: Packctl) -> None:
    unsaved = 'ref: good.workflow_001\nversion: "1.0.0"\ntasks: here\n'
    options = ("validate", "--stdin", "--stdin-filename", "good/workflows/new.yaml")

    done = packctl(*options, "-f", "json", stdin=unsaved)

    assert done.exit_code == 1
    (found,) = json.loads(done.stdout)["packs"]
    assert found["files"] == ["good/workflows/new.yaml"]
    said = [(one["code"], one["file"]) for one in found["validation"]["diagnostics"]]
    # The other file with this ref is in error as well, but that is not what the editor shows.
    assert said == [("ATT501", "good/workflows/new.yaml"), ("ATT203", "good/workflows/new.yaml")]
    assert "3 | tasks: here" in packctl(*options, stdin=unsaved).stdout


def test_standard_input_stands_for_the_file_on_the_disk(packctl: Packctl, tmp_path: Path) -> None:
    broken = tmp_path / "bad/workflows/broken.yaml"
    options = ("validate", "--stdin", "--stdin-filename", str(broken))
    before = broken.read_text()

    assert packctl(*options, stdin=before.replace("here", "[{name: a, action: core.echo}]")).stdout
    assert packctl(*options, stdin=before).exit_code == 1
    repaired = packctl(*options, stdin=before.replace("here", "[{name: a, action: core.echo}]"))
    assert (repaired.exit_code, repaired.stdout) == (0, "✓ No problems in 1 file.\n")
    assert broken.read_text() == before


@pytest.mark.parametrize(
    ("name", "said"),
    [("good/README.md", "no file that a pack is checked by"), ("x.yaml", "x.yaml is in no pack")],
)
def test_standard_input_must_be_of_a_pack(packctl: Packctl, name: str, said: str) -> None:
    done = packctl("validate", "--stdin", "--stdin-filename", name, stdin="a: b")

    assert done.exit_code == 2
    assert said in done.stderr


def test_fixes_are_made_in_the_files(packctl: Packctl, legacy: Path) -> None:
    legacy.chmod(0o640)

    done = packctl("validate", "good", "--fix")

    assert done.exit_code == 0, done.output
    assert legacy.read_text() == FIXED
    assert legacy.stat().st_mode & 0o777 == 0o640
    assert (
        done.stderr
        == f"{NAME}:6: fixed legacy-transitions: `on_success` of `first` became `next`.\n"
    )
    assert done.stdout == "✓ No problems in 4 files.\n"
    assert [path.name for path in legacy.parent.iterdir() if path.name.startswith(".")] == []
    again = packctl("validate", "good", "--fix")
    assert (again.stderr, legacy.read_text()) == ("", FIXED)


def test_a_file_that_cannot_be_written_is_left_as_it_was(legacy: Path, tmp_path: Path) -> None:
    # Permissions do not stop root, which tests may run as; a limit on the size of files does.
    command = 'ulimit -f 0; exec "$0" -m controller validate good --fix'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert f"{NAME} cannot be written (File too large)" in done.stderr
    assert legacy.read_text() == LEGACY
    assert [path.name for path in legacy.parent.iterdir() if path.name.startswith(".")] == []


def test_a_diff_shows_what_a_fix_would_change(
    packctl: Packctl, legacy: Path, tmp_path: Path
) -> None:
    done = packctl("validate", "good", "--diff")

    assert done.exit_code == 1
    assert legacy.read_text() == LEGACY
    applied = subprocess.run(
        ["git", "apply", "-"], cwd=tmp_path, input=done.stdout, text=True, check=True
    )
    assert applied.returncode == 0
    assert legacy.read_text() == FIXED
    assert packctl("validate", "good", "--diff").output == ""


def test_a_diff_of_a_file_without_a_last_line_break_can_be_applied(
    packctl: Packctl, legacy: Path, tmp_path: Path
) -> None:
    legacy.write_text(LEGACY.rstrip("\n"))

    done = packctl("validate", "good", "--diff")

    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=done.stdout, text=True, check=True)
    assert legacy.read_text() == FIXED.rstrip("\n")


def test_an_editor_gets_the_fixed_text_and_what_is_left(packctl: Packctl) -> None:
    options = ("validate", "--stdin", "--stdin-filename", NAME, "--fix")

    done = packctl(*options, stdin=LEGACY.replace("on_success: second", "on_success: third"))
    assert done.exit_code == 1
    assert done.stdout == FIXED.replace("- second", "- third")
    assert f"{NAME}:9:13: error ATT304" in done.stderr
    untouched = packctl(*options, stdin=FIXED)
    assert (untouched.exit_code, untouched.stdout) == (0, FIXED)


def test_what_is_not_text_is_left_to_the_check(packctl: Packctl, legacy: Path) -> None:
    legacy.write_bytes(b"a: \xff")

    done = packctl("validate", "good", "--fix")

    assert done.exit_code == 1
    assert f"{NAME}:1:4: error ATT004" in done.stdout
    assert legacy.read_bytes() == b"a: \xff"
