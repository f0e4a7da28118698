"""Content made to break the way out: it is told of its own file, and the rest is applied."""

from __future__ import annotations

import re

from hack.packrepo import pack, pack_yaml, workflow_yaml
from tests.e2e.site import Site

FINE = "workflows/workflow_001.yaml"

VALUES = {
    "NUL": '"a\\0b"',
    "half a character": '"\\ud800"',
    "endless": ".inf",
    "no number": ".nan",
    "too many digits": "9" * 4301,
    "beyond the database": str(2**64),
}
"""As YAML spells them. `2020-13-45` and `1e999`, which are read as texts, are none of them."""

DEEP = "[" * 100 + "]" * 100
SPOKEN = '\x1b[2J\x1b[31mowned\r{"level": "error", "event": "forged"}'


def test_values_that_no_row_can_hold_are_told_and_the_rest_is_applied(site: Site, ref: str) -> None:
    hostile = {
        f"workflows/{name.replace(' ', '_')}.yaml": workflow_yaml(
            f"{ref}.{name.split()[0].lower()}", vars={"here": "VALUE"}
        ).replace("VALUE", value)
        for name, value in {**VALUES, "deep": DEEP}.items()
    }
    date = workflow_yaml(f"{ref}.workflow_001", description="2020-13-45", vars={"x": "VALUE"})
    fine = {FINE: date.replace("VALUE", "1e999")}
    site.repo(ref).commit({"pack.yaml": pack_yaml(ref), **hostile, **fine})

    seen = site.follow(ref, validation={"onInvalid": "Skip"}).wait("Stalled")

    assert seen.summary()["Ready"] == ("False", "PartiallySynced")
    assert list(site.definitions(ref)) == [f"{ref}.workflow_001"]
    assert seen.status.validation
    told = {one.file: one for one in seen.status.validation.diagnostics if one.severity == "Error"}
    assert told.keys() == hostile.keys()
    for path, one in told.items():
        line = hostile[path].splitlines()[one.line - 1]
        assert line.startswith("  here: ")
        assert one.column > len("  here: ")


def test_a_pack_that_names_another_s_workflow_leaves_that_alone(site: Site, ref: str) -> None:
    other = f"{ref}b"
    site.repo(other).commit(pack(other, workflows=1))
    site.follow(other).wait()
    rows = site.everything(other)
    stolen = workflow_yaml(f"{other}.workflow_001", 5)
    twice = workflow_yaml(f"{ref}.twice")
    files = {"workflows/a.yaml": stolen, "workflows/b.yaml": twice, "workflows/c.yaml": twice}
    site.repo(ref).commit({**pack(ref, workflows=1), **files})

    seen = site.follow(ref, validation={"onInvalid": "Skip"}).wait("Stalled")

    assert seen.status.validation
    codes = {(one.file, one.code) for one in seen.status.validation.diagnostics}
    assert {("workflows/a.yaml", "ATT503")} <= codes
    assert {file for file, _ in codes} == set(files)
    assert list(site.definitions(ref)) == [f"{ref}.workflow_001"]
    assert site.everything(other) == rows


def test_a_name_that_speaks_to_a_terminal_or_a_log_is_only_shown(site: Site, ref: str) -> None:
    site.repo(ref).commit({**pack(ref, workflows=1), f"workflows/{SPOKEN}.yaml": "a: [\n"})

    followed = site.follow(ref)
    seen = followed.wait("Stalled", "True", "ValidationFailed")

    assert seen.status.validation
    assert "owned" in seen.status.validation.diagnostics[0].file
    told = [
        seen.message(),
        *_texts(seen.body["status"]),
        *(one.message for one in followed.events()),
    ]
    assert [text for text in told if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)] == []
    assert [line for line in site.controller.lines() if line["event"] == "forged"] == []
    assert "\x1b" not in site.controller.text()


def _texts(value: object) -> list[str]:
    """Every text in a value of JSON."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
