"""A libFuzzer target: any bytes, as a workflow file of a pack, end in a verdict. See README.md."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

_ROOT = Path(__file__).parents[2]
_SEEDS = _ROOT / "tests" / "conformance" / "cases"

sys.path.insert(0, str(_ROOT))
with atheris.instrument_imports(include=["controller"]):
    from tests.validate.packs import check_one


def verdict(data: bytes) -> None:
    """Check one file; an exception is what the fuzzer looks for."""
    checked = check_one(data)
    assert bool(checked.workflows) != bool(checked.error_count)


def main() -> None:
    """Fuzz as the command line says: libFuzzer's flags, then folders or files of one's own."""
    named = any(not each.startswith("-") for each in sys.argv[1:])
    with tempfile.TemporaryDirectory() as found:
        folders = [] if named else [found, str(_SEEDS)]
        atheris.Setup([*sys.argv, *folders], verdict)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
