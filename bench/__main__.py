"""`python -m bench`: measure, and print the numbers."""

from __future__ import annotations

from bench.sync import main

main()
