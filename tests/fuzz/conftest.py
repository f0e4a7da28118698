"""Without atheris, which only Linux on x86-64 has, there is no fuzz test to collect."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("atheris") else ["test_fuzz.py"]
