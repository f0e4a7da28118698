from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_TARGET = Path(__file__).parent / "fuzz_validate.py"
_RUNS = 2000


def test_a_short_run_finds_nothing(tmp_path: Path) -> None:
    """The same inputs every time: the seed is fixed, and so is their number."""
    command = [sys.executable, str(_TARGET), f"-runs={_RUNS}", "-seed=1", "-timeout=10"]
    command.append(f"-artifact_prefix={tmp_path}/")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert f"Done {_RUNS} runs" in done.stderr
    assert list(tmp_path.iterdir()) == []
