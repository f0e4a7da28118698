"""Processes of tests that die on purpose, each made in a moment.

A fork server has neither threads nor connections that a child could inherit, and each child saves
the second that the imports take.
"""

from __future__ import annotations

import multiprocessing
import os

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.e2e.dying", "tests.source.dying"])


def end_with_parent() -> None:
    """For a thread of such a process: end it when the test is gone."""
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)
