"""Packs that must not get into the database: what is wrong is told with its place."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from hack.packrepo import Content, Symlink, pack, pack_yaml, workflow_yaml
from tests.e2e.site import Site

BAD = "workflows/bad.yaml"
MEBIBYTE = 2**20
BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
)


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that is wrong, and where the first error is said to be: code, line, column."""

    path: str
    content: Content
    code: str
    line: int
    column: int
    reason: str = "ValidationFailed"


CASES = {
    "no pack.yaml": Bad("pack.yaml", None, "ATT601", 1, 1, "PackInvalid"),
    "pack.yaml is not YAML": Bad(
        "pack.yaml", "ref: tour\nlabel: [one\n", "ATT101", 2, 8, "PackInvalid"
    ),
    "pack.yaml of another pack": Bad(
        "pack.yaml", pack_yaml("another"), "ATT603", 1, 6, "PackInvalid"
    ),
    "workflow is not YAML": Bad(BAD, "ref: a\nlabel: b: c\n", "ATT101", 2, 9),
    "workflow is not UTF-8": Bad(BAD, b"ref: a\nlabel: caf\xe9\n", "ATT004", 2, 11),
    "workflow of 2 MiB": Bad(BAD, "#" * (2 * MEBIBYTE), "ATT003", 1, 1),
    "YAML bomb": Bad(BAD, BOMB, "ATT008", 5, 25),
    "link out of the repository": Bad(BAD, Symlink("/etc/passwd"), "ATT001", 1, 1),
    "empty workflow": Bad(BAD, "", "ATT201", 1, 1),
}


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES.keys())
def test_a_bad_file_is_told_with_its_place(site: Site, ref: str, bad: Bad) -> None:
    repo = site.repo(ref)
    good = pack(ref, workflows=1)
    repo.commit(good)
    followed = site.follow(ref, ref=ref)
    before = followed.wait()
    rows = site.everything(ref)

    commit = repo.commit({bad.path: bad.content})
    seen = followed.reconcile()

    assert seen.summary() == {
        "Ready": ("False", bad.reason),
        "Stalled": ("True", bad.reason),
        "Fetched": ("True", "Succeeded"),
        "Validated": ("False", bad.reason),
        "Synced": ("True", "Succeeded"),
        "DriftFree": ("True", "Succeeded"),
    }
    validation = seen.status.validation
    assert validation
    assert validation.error_count > 0
    first = validation.diagnostics[0]
    found = (first.code, first.severity, first.file, first.line, first.column)
    assert found == (bad.code, "Error", bad.path, bad.line, bad.column)
    assert first.message
    assert first.hint
    assert f"{bad.path}:{bad.line}:{bad.column} {bad.code} {first.message}" in seen.message()
    assert seen.status.last_attempted_revision == f"main@sha1:{commit}"
    assert seen.status.last_applied_revision == before.status.last_applied_revision
    assert site.everything(ref) == rows

    repo.commit({BAD: None, **good})
    assert followed.reconcile().summary() == before.summary()
    assert site.everything(ref) == rows


def test_three_hundred_broken_files_fit_into_a_small_status(site: Site, ref: str) -> None:
    names = [f"workflow_{number:03}" for number in range(300)]
    broken = {
        f"workflows/{name}.yaml": workflow_yaml(f"{ref}.{name}", version=None) for name in names
    }
    site.repo(ref).commit({"pack.yaml": pack_yaml(ref), **broken})

    seen = site.follow(ref).wait("Stalled", "True", "ValidationFailed")

    validation = seen.status.validation
    assert validation
    assert validation.validated_count == 300
    assert validation.error_count == validation.total_count == 300
    assert validation.truncated
    assert 10 < len(validation.diagnostics) < 300
    shown = [one.file for one in validation.diagnostics]
    assert shown == [f"workflows/{name}.yaml" for name in names[: len(shown)]]
    assert "300 errors: " in seen.message()
    assert "(and 298 more)" in seen.message()
    assert len(json.dumps(seen.body["status"])) < 32 * 1024
    assert site.everything(ref) == (None, {}, {})
