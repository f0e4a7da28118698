"""The names a pack's workflow files go by. Imports nothing of ours."""

from __future__ import annotations

MANIFEST = "pack.yaml"

SETTINGS = "packctl.toml"
"""What the pack's authors want of its validation."""

ACTIONS = "actions"
"""Where the files of actions lie, beside their scripts."""

DIRECTORIES = ("workflows", "actions/workflows")
"""Where workflow files lie; of two files with one ref, the later directory's counts."""

EXTENSIONS = (".yaml", ".yml")

_SUFFIX = ".workflow"


def directory(path: str) -> str:
    """The folder part of a path, without a trailing slash."""
    return path.rpartition("/")[0]


def workflow_name(path: str) -> str:
    """The workflow name that a file name gives: `workflows/deploy.workflow.yaml` → `deploy`."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return stem.removesuffix(_SUFFIX)
