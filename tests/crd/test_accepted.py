"""What the API server accepts, what it fills in, and what it prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from controller.pack.rules import CATALOGUE
from hack.localcluster import ControlPlane
from tests.crd.manifests import Spec, git, pack

_EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "manifests").glob("*.yaml"))

SIGNERS = {"name": "signers"}

ACCEPTED: dict[str, Spec] = {
    "http": git(url="http://git.example.com/packs.git"),
    "file": git(url="file:///srv/packs.git"),
    "ssh": git(url="ssh://git@git.example.com/acme/packs.git"),
    "ssh without user": git(url="ssh://git.example.com/acme/packs.git"),
    "ssh with port": git(url="ssh://org-1_a.b+c@git.example.com:2222/~/packs.git"),
    "ssh to an address": git(url="ssh://git@[2001:db8::1]:2222/packs.git"),
    "scp-like": git(url="git@git.example.com:acme/packs.git"),
    "scp-like from the root": git(url="git@git.example.com:/srv/packs.git"),
    "scp-like to an address": git(url="git@[::1]:packs.git"),
    "url with port": git(url="https://git.example.com:8443/packs.git"),
    "url with @ in its path": git(url="https://git.example.com/@acme/packs.git"),
    "branch with slashes": git(ref={"branch": "feature/one"}),
    "tag": git(ref={"tag": "v1.2.0"}),
    "range of versions": git(ref={"semver": ">=1.0.0-0 <2.0.0"}),
    "full name": git(ref={"name": "refs/pull/7/head"}),
    "sha1 commit": git(ref={"commit": "0123456789" * 4}),
    "sha256 commit": git(ref={"commit": "01234567" * 8}),
    "path with dots": git(path="packs/a..b/.hidden"),
    "signed commits": git(verify={"secretRef": SIGNERS}),
    "signed tag": git(ref={"tag": "v1"}, verify={"mode": "Tag", "secretRef": SIGNERS}),
    "signed versions": git(
        ref={"semver": "1.x"}, verify={"mode": "TagAndHEAD", "secretRef": SIGNERS}
    ),
    "signed tag by its full name": git(
        ref={"name": "refs/tags/v1"}, verify={"mode": "Tag", "secretRef": SIGNERS}
    ),
    "shortest interval": {"interval": "10s"},
    "longest interval": {"interval": "168h"},
    "interval of several units": {"interval": "1h30m"},
    "shortest timeout": {"timeout": "1s"},
    "largest file size": {"validation": {"maxFileSize": "1048576"}},
    "unknown actions as errors": {"validation": {"unknownActions": "Error"}},
    "dependencies": {"dependsOn": [{"name": "core"}, {"name": "tour", "namespace": "other"}]},
    "no severities": {"validation": {"severities": {}}},
    "severities of every level": {
        "validation": {"severities": {"ATT206": "Error", "ATT404": "Warn", "ATT012": "Ignore"}}
    },
    "a severity for each rule that has one": {
        "validation": {"severities": {one.code: "Warn" for one in CATALOGUE if one.adjustable}}
    },
    "ref with dash and digit": {"ref": "pack-2_b"},
}

DEFAULTS = {
    "interval": "5m",
    "timeout": "60s",
    "suspend": False,
    "validation": {"onInvalid": "Block", "unknownActions": "Warn", "maxFileSize": "1Mi"},
    "updateExisting": True,
    "prune": True,
    "allowEmpty": False,
    "driftPolicy": "Correct",
    "deletionPolicy": "Delete",
    "historyLimit": 20,
    "activation": "Automatic",
}

STATUS = {
    "observedGeneration": 1,
    "pack": {"ref": "tour", "version": "1.0.0"},
    "conditions": [
        {
            "type": "Ready",
            "status": "True",
            "reason": "Succeeded",
            "message": "5 workflows",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
            "observedGeneration": 1,
        }
    ],
    "revision": "main@0123456",
    "workflowCount": 5,
    "validation": {"validatedCount": 7, "errorCount": 2},
}


def _create(cluster: ControlPlane, namespace: str, spec: Spec) -> dict[str, Any]:
    """The Pack as the API server stored it."""
    made = cluster.kubectl("create", "-n", namespace, "-o", "json", "-f", "-", input=pack(spec))
    body: dict[str, Any] = json.loads(made)
    return body


def _row(cluster: ControlPlane, namespace: str, *options: str) -> tuple[list[str], str]:
    """The names of the columns of `kubectl get`, and the row of the only Pack."""
    header, row = cluster.kubectl("get", "packs", "-n", namespace, *options).splitlines()
    return header.split(), row


@pytest.mark.parametrize("spec", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_a_right_pack_is_accepted(cluster: ControlPlane, spec: Spec) -> None:
    cluster.kubectl("create", "--dry-run=server", "-f", "-", input=pack(spec))


@pytest.mark.parametrize("manifest", _EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_accepted(cluster: ControlPlane, namespace: str, manifest: Path) -> None:
    text = "\n".join(
        line for line in manifest.read_text().splitlines() if not line.startswith("  namespace:")
    )
    assert "pack.attune.io/tour created" in cluster.kubectl(
        "create", "-n", namespace, "-f", "-", input=text
    )


def test_the_full_example_shows_the_defaults(cluster: ControlPlane) -> None:
    full = next(path for path in _EXAMPLES if path.stem == "full").read_text()
    made = cluster.kubectl("create", "--dry-run=server", "-o", "json", "-f", "-", input=full)
    spec = json.loads(made)["spec"]
    assert spec["validation"].pop("severities") == {}
    assert {name: spec[name] for name in DEFAULTS} == DEFAULTS


def test_defaults_are_filled_in(cluster: ControlPlane, namespace: str) -> None:
    made = _create(cluster, namespace, {})
    assert made["spec"] == {**git(path=""), **DEFAULTS}


def test_a_new_pack_counts_as_not_yet_seen(cluster: ControlPlane, namespace: str) -> None:
    status = _create(cluster, namespace, {})["status"]
    assert status["observedGeneration"] == -1
    assert status["conditions"] == []


def test_ref_may_be_set_later(cluster: ControlPlane, namespace: str) -> None:
    _create(cluster, namespace, {})
    cluster.kubectl("replace", "-n", namespace, "-f", "-", input=pack({"ref": "tour"}))


def test_a_change_of_status_is_no_new_generation(cluster: ControlPlane, namespace: str) -> None:
    _create(cluster, namespace, {})
    patched = _set_status(cluster, namespace)
    assert patched["metadata"]["generation"] == 1
    assert patched["status"]["validation"]["errorCount"] == 2


def test_columns_tell_the_state_at_a_glance(cluster: ControlPlane, namespace: str) -> None:
    _create(cluster, namespace, {})
    _set_status(cluster, namespace)
    columns, row = _row(cluster, namespace)
    assert columns == ["NAME", "REF", "READY", "STATUS", "REVISION", "WORKFLOWS", "AGE"]
    assert row.split()[:-1] == ["tour", "tour", "True", "5", "workflows", "main@0123456", "5"]


def test_wide_columns_add_where_from_and_how_much(cluster: ControlPlane, namespace: str) -> None:
    _create(cluster, namespace, {})
    _set_status(cluster, namespace)
    columns, row = _row(cluster, namespace, "-o", "wide")
    assert columns[-3:] == ["URL", "SYNCED", "INVALID"]
    assert row.split()[-2:] == ["https://git.example.com/acme/packs.git", "2"]


@pytest.mark.parametrize("name", ["packs", "pack", "pk", "attune"])
def test_packs_are_found_by_each_of_their_names(
    cluster: ControlPlane, namespace: str, name: str
) -> None:
    _create(cluster, namespace, {})
    assert "tour" in cluster.kubectl("get", name, "-n", namespace, "-o", "name")


def _set_status(cluster: ControlPlane, namespace: str) -> dict[str, Any]:
    patch = json.dumps({"status": STATUS})
    options = ("--subresource=status", "--type=merge", "-p", patch, "-o", "json")
    body: dict[str, Any] = json.loads(
        cluster.kubectl("patch", "pack", "tour", "-n", namespace, *options)
    )
    return body
