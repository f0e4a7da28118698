"""No file takes over 256 MiB or 2 seconds, or raises, whatever stands in it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.hostile.limited import TABLES
from tests.validate.packs import MAX_FILE_SIZE


@pytest.mark.parametrize("table", TABLES)
def test_hostile_files_are_answered_within_limits(table: str) -> None:
    command = [sys.executable, "-m", "tests.hostile.limited", table]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    statuses = json.loads(done.stdout)
    assert statuses
    assert {name: status for name, status in statuses.items() if status} == {}, done.stderr


@pytest.mark.parametrize("table", TABLES)
def test_hostile_files_are_read_at_all(table: str) -> None:
    texts, _ = TABLES[table]
    assert [name for name, text in texts.items() if len(text.encode()) > MAX_FILE_SIZE] == []
