"""`python -m tests.hostile.limited TABLE`: check hostile files, each within hard limits.

Prints one JSON object: for each file, and each kind of file that it is checked as, the exit status
of the process that did it; a negative one is the signal that ended it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from controller.validate import Checked
from tests.hostile.expressions import EXPRESSIONS
from tests.hostile.schemas import SCHEMAS
from tests.hostile.yaml_texts import YAML
from tests.validate.packs import check

MEMORY = 256 * 1024 * 1024
"""More than the interpreter and our modules take by themselves."""
SECONDS = 2
_MOST_DIAGNOSTICS = 250

Check = Callable[[str], Checked]


def _as_workflow(text: str) -> Checked:
    return check({"workflows/w.yaml": text})


def _as_action(text: str) -> Checked:
    return check({"actions/a.yaml": text})


TABLES: dict[str, tuple[dict[str, str], tuple[Check, ...]]] = {
    "yaml": (YAML, (_as_workflow,)),
    "expressions": (EXPRESSIONS, (_as_workflow,)),
    "schemas": (SCHEMAS, (_as_workflow, _as_action)),
}
"""Texts, and the kinds of file that each is checked as."""


def statuses(table: str) -> dict[str, int]:
    """How each check of the table's files ended."""
    texts, checks = TABLES[table]
    return {
        f"{name} {one.__name__}": _status(one, text)
        for name, text in texts.items()
        for one in checks
    }


def _status(one: Check, text: str) -> int:
    child = os.fork()
    if child == 0:
        os._exit(_limited(one, text))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _limited(one: Check, text: str) -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    memory = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        return int(len(one(text).diagnostics) > _MOST_DIAGNOSTICS)
    except BaseException:  # noqa: BLE001  # whatever it is, nothing may be raised
        traceback.print_exc(limit=-3)
        return 1


if __name__ == "__main__":
    print(json.dumps(statuses(sys.argv[1])))  # noqa: T201  # for the process that started this
