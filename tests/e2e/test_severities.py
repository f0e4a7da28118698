"""Severities as a user of a Pack sets them: in its spec, in packctl.toml and in comments."""

from __future__ import annotations

import pytest
from kubernetes import client

from hack.packrepo import pack, workflow_yaml
from tests.e2e.pack import Pack, Report
from tests.e2e.site import Site

FIRST = "workflows/workflow_001.yaml"

BRANCHING = """\
version: "1.0.0"
tasks:
  - name: a
    action: core.echo
    decision:
      - {next: b}COMMENT
  - {name: b, action: core.echo}
"""
"""A decision branch without a condition: ATT311, an error that is adjustable."""


def _follow(site: Site, ref: str, on_invalid: str = "Block", **severities: str) -> Pack:
    """A Pack of these severities; no database here has the actions that its workflows call."""
    wanted = {"onInvalid": on_invalid, "unknownActions": "Ignore", "severities": severities}
    return site.follow(ref, validation=wanted)


def _found(seen: Report) -> list[tuple[str, str, int]]:
    """Code, severity and line of each diagnostic in a status."""
    assert seen.status.validation
    return [(one.code, one.severity, one.line) for one in seen.status.validation.diagnostics]


def test_a_pack_lowers_an_error_and_becomes_ready(site: Site, ref: str) -> None:
    site.repo(ref).commit({**pack(ref, workflows=1), FIRST: BRANCHING.replace("COMMENT", "")})
    followed = _follow(site, ref)
    refused = followed.wait("Ready", "False", "ValidationFailed")
    assert f"1 error: {FIRST}:6:9 ATT311 " in refused.message()
    assert site.definitions(ref) == {}

    _follow(site, ref, ATT311="Warn")
    lowered = followed.wait()

    assert _found(lowered) == [("ATT311", "Warning", 6)]
    assert lowered.summary()["Validated"] == ("True", "Succeeded")
    (row,) = site.definitions(ref).values()
    assert row["definition"]["tasks"][0]["next"] == [{"do": ["b"]}]


def test_a_pack_raises_a_warning_and_is_refused(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit({**pack(ref, workflows=1), FIRST: workflow_yaml(f"{ref}.workflow_001", odd=1)})
    followed = _follow(site, ref)
    followed.wait()
    rows = site.everything(ref)

    _follow(site, ref, ATT206="Error")
    refused = followed.wait("Ready", "False", "ValidationFailed")

    assert f"1 error: {FIRST}:" in refused.message()
    assert " ATT206 " in refused.message()
    assert site.everything(ref) == rows

    _follow(site, ref, ATT206="Ignore")
    assert _found(followed.wait()) == []
    assert site.everything(ref) == rows


def test_a_comment_lowers_an_error_unless_the_pack_insists(site: Site, ref: str) -> None:
    comment = "  # attune: ignore[ATT311] our engine is patched"
    site.repo(ref).commit({**pack(ref, workflows=1), FIRST: BRANCHING.replace("COMMENT", comment)})
    followed = _follow(site, ref)
    assert _found(followed.wait()) == []
    assert list(site.definitions(ref)) == [f"{ref}.workflow_001"]

    _follow(site, ref, ATT311="Error")
    assert " ATT311 " in followed.wait("Ready", "False", "ValidationFailed").message()


def test_settings_of_the_pack_lower_an_error_and_tell_of_their_own(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit({**pack(ref, workflows=1), FIRST: BRANCHING.replace("COMMENT", "")})
    repo.commit({"packctl.toml": '[severities]\nATT311 = "Ignore"\n'})
    followed = _follow(site, ref, "Skip")
    followed.wait()
    rows = site.everything(ref)

    repo.commit({"packctl.toml": '[severities]\nATT311 = "Never"\n'})
    broken = followed.reconcile()

    assert broken.summary()["Ready"] == ("False", "PartiallySynced")
    assert _found(broken) == [("ATT011", "Error", 2), ("ATT311", "Error", 6)]
    assert "packctl.toml:2:10 ATT011" in broken.message()
    assert site.definitions(ref) == rows[1]


@pytest.mark.parametrize("code", ["ATT999", "ATT101"])
def test_a_code_that_cannot_be_set_is_refused_at_once(site: Site, ref: str, code: str) -> None:
    with pytest.raises(client.ApiException, match=f"no severity can be set for {code}: docs/rules"):
        _follow(site, ref, **{code: "Warn"})
    assert site.pack(ref).read() is None
