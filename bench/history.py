"""The repositories that are synced: one for each size, its commits made beforehand."""

from __future__ import annotations

from pathlib import Path

from bench.figures import History
from hack.packrepo import PackRepo, pack, workflow_yaml

TASKS = 8
_CHANGES = 5
_PRUNED = 10
_REF = "bench"


def make_history(root: Path, url: str, workflows: int) -> History:
    """A pack of so many workflows at `root`, served as `url`, with a few commits on top."""
    repo = PackRepo(root)
    files = pack(_REF, workflows=workflows, tasks=TASKS)
    names = [path for path in files if path.startswith("workflows/")]
    base = repo.commit(files)
    changes = tuple(repo.commit(_change(number, names)) for number in range(_CHANGES))
    # A pack never gets empty: that is another rule's business.
    gone = names[-min(_PRUNED, workflows - 1) :]
    prune = repo.commit(dict.fromkeys(gone))
    return History(str(root), url, workflows, base, changes, prune)


def _change(number: int, names: list[str]) -> dict[str, str]:
    path = names[number * len(names) // _CHANGES]
    name = Path(path).stem
    return {path: workflow_yaml(f"{_REF}.{name}", TASKS, version=f"2.{number}.0")}
