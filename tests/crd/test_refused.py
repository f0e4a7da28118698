"""What the API server refuses by itself, and the words in which a user reads it."""

from __future__ import annotations

import pytest

from hack.localcluster import ControlPlane
from hack.localcluster.cluster import CommandError
from tests.crd.manifests import URL, Spec, git, pack

_SCHEME = "spec.git.url: Invalid value: .* url must begin with https:// or ssh://"
_ONE_LINE = "spec.git.url: Invalid value: .* without spaces and characters outside ASCII"
_NO_CREDENTIALS = "spec.git.url: Invalid value: .* put them into a Secret and name it in secretRef"
_SSH = "spec.git.url: Invalid value: .* must be like ssh://git@host:22/path or git@host:path"
_NO_ESCAPE = r"spec.git.path: Invalid value: .* must not hold '\.\.'"
_ONE_REF = "spec.git.ref: Invalid value: set only one of branch, tag, semver, name and commit"
_INTERVAL = "spec.interval: Invalid value: .* interval must be from 10s to 168h"
_TIMEOUT = "spec.timeout: Invalid value: .* timeout must be from 1s to 1h"
_SIZE = "maxFileSize must be 1Mi at most"
_CODE = "spec.validation.severities: Invalid value: no severity can be set for {}: docs/rules lists"
_SIGNED_TAG = "spec.git: Invalid value: verify.mode Tag and TagAndHEAD need a tag to follow"
_ITSELF = "spec.dependsOn must not name the Pack itself"
_ID = "0123456789" * 4


def _signed(mode: str) -> Spec:
    return {"mode": mode, "secretRef": {"name": "signers"}}


def _severities(**levels: str) -> Spec:
    return {"validation": {"severities": levels}}


REFUSED: dict[str, tuple[Spec, str]] = {
    "git absent": ({"git": None}, "spec.git: Required value"),
    "url absent": ({"git": {}}, "spec.git.url: Required value"),
    "url empty": (git(url=""), "spec.git.url: Invalid value: .* at least 1 chars long"),
    "url scp-like without user": (git(url="git.example.com:acme/packs.git"), _SCHEME),
    "url scp-like with password": (git(url="me:token@git.example.com:acme/packs.git"), _SCHEME),
    "url scp-like without path": (git(url="git@git.example.com:"), _SCHEME),
    "url scp-like host an option": (git(url="git@-oProxyCommand=id:packs.git"), _SSH),
    "url scp-like user an option": (git(url="-oProxyCommand=id@host:packs.git"), _SSH),
    "url scp-like path an option": (git(url="git@host:--upload-pack=id"), _SSH),
    "url ssh host an option": (git(url="ssh://-oProxyCommand=id/packs.git"), _SSH),
    "url ssh host an option after a user": (git(url="ssh://git@-oProxyCommand=id/a"), _SSH),
    "url ssh user an option": (git(url="ssh://-oProxyCommand=id@host/packs.git"), _SSH),
    "url ssh path an option": (git(url="ssh://git@host/--upload-pack=id"), _SSH),
    "url ssh without path": (git(url="ssh://git@git.example.com/"), _SSH),
    "url ssh without host": (git(url="ssh:///packs.git"), _SSH),
    "url ssh with a port that is none": (git(url="ssh://git@git.example.com:x/a"), _SSH),
    "url ssh with password": (git(url="ssh://git:token@git.example.com/a"), _NO_CREDENTIALS),
    "url ssh by another name": (git(url="git+ssh://git@git.example.com/a"), _SCHEME),
    "url ext": (git(url="ext::sh -c whoami"), _SCHEME),
    "url git protocol": (git(url="git://git.example.com/packs.git"), _SCHEME),
    "url without scheme": (git(url="git.example.com/acme/packs.git"), _SCHEME),
    "url local path": (git(url="/var/cache/packs.git"), _SCHEME),
    "url option": (git(url="--upload-pack=whoami"), _SCHEME),
    "url scheme in capitals": (git(url="HTTPS://git.example.com/packs.git"), _SCHEME),
    "url with space": (git(url="https://git.example.com/a b"), _ONE_LINE),
    "url with line break": (git(url="https://git.example.com/a\nb"), _ONE_LINE),
    "url with homoglyph": (git(url="https://g\u0456t.example.com/a"), _ONE_LINE),
    "url after line break": (git(url=f"ext::x\n{URL}"), _SCHEME),
    "url with user": (git(url="https://me@git.example.com/packs.git"), _NO_CREDENTIALS),
    "url with token": (git(url="https://me:token@git.example.com/a"), _NO_CREDENTIALS),
    "url too long": (git(url=f"https://{'a' * 2048}"), "spec.git.url: Too long: may not be more"),
    "branch and tag": (git(ref={"branch": "main", "tag": "v1"}), _ONE_REF),
    "tag and commit": (git(ref={"tag": "v1", "commit": _ID}), _ONE_REF),
    "all three refs": (git(ref={"branch": "b", "tag": "t", "commit": _ID}), _ONE_REF),
    "semver and name": (git(ref={"semver": "^1", "name": "refs/pull/7/head"}), _ONE_REF),
    "semver empty": (git(ref={"semver": ""}), "spec.git.ref.semver: Invalid value"),
    "name of a branch": (git(ref={"name": "main"}), "spec.git.ref.name: Invalid value"),
    "name with refspec": (git(ref={"name": "refs/a:refs/b"}), "spec.git.ref.name: Invalid value"),
    "branch as option": (git(ref={"branch": "--upload-pack=x"}), "spec.git.ref.branch: Invalid"),
    "branch with refspec": (git(ref={"branch": "a:b"}), "spec.git.ref.branch: Invalid value"),
    "tag as pattern": (git(ref={"tag": "v*"}), "spec.git.ref.tag: Invalid value"),
    "branch empty": (git(ref={"branch": ""}), "spec.git.ref.branch: Invalid value"),
    "commit short": (git(ref={"commit": "0123abc"}), "spec.git.ref.commit: Invalid value"),
    "commit in capitals": (git(ref={"commit": "A" * 40}), "spec.git.ref.commit: Invalid value"),
    "commit not hexadecimal": (git(ref={"commit": "z" * 40}), "spec.git.ref.commit: Invalid"),
    "verify without keys": (git(verify={}), "spec.git.verify.secretRef: Required value"),
    "verify of no mode": (
        git(verify={"mode": "head", "secretRef": {"name": "a"}}),
        "spec.git.verify.mode: Unsupported value",
    ),
    "signed tag of a branch": (git(ref={"branch": "main"}, verify=_signed("Tag")), _SIGNED_TAG),
    "signed tag of no ref": (git(verify=_signed("TagAndHEAD")), _SIGNED_TAG),
    "signed tag of a pull": (
        git(ref={"name": "refs/pull/7/head"}, verify=_signed("Tag")),
        _SIGNED_TAG,
    ),
    "path upwards": (git(path="../other"), _NO_ESCAPE),
    "path upwards inside": (git(path="packs/../../other"), _NO_ESCAPE),
    "path upwards at end": (git(path="packs/.."), _NO_ESCAPE),
    "path absolute": (git(path="/etc"), "path must be relative to the repository's root"),
    "path too long": (git(path="a" * 1025), "spec.git.path: Too long: may not be more than 1024"),
    "secret without name": (git(secretRef={}), "spec.git.secretRef.name: Required value"),
    "webhook of nowhere": ({"notify": {"webhooks": [{}]}}, "set one of url and secretRef"),
    "webhook of two places": (
        {"notify": {"webhooks": [{"url": "https://a.example", "secretRef": {"name": "a"}}]}},
        "set one of url and secretRef",
    ),
    "webhook with credentials": (
        {"notify": {"webhooks": [{"url": "https://me:token@a.example"}]}},
        "url must be like https://host/path",
    ),
    "webhook of another scheme": (
        {"notify": {"webhooks": [{"url": "file:///etc/passwd"}]}},
        "url must be like https://host/path",
    ),
    "too many webhooks": (
        {"notify": {"webhooks": [{"url": "https://a.example"}] * 5}},
        "spec.notify.webhooks: Too many: 5: must have at most 4",
    ),
    "status of a commit without a login": (
        {"notify": {"commitStatus": {}}},
        "spec.notify.commitStatus.secretRef: Required value",
    ),
    "interval too short": ({"interval": "9s"}, _INTERVAL),
    "interval just too short": ({"interval": "9999ms"}, _INTERVAL),
    "interval zero": ({"interval": "0s"}, _INTERVAL),
    "interval too long": ({"interval": "168h1s"}, _INTERVAL),
    "interval negative": ({"interval": "-5m"}, "spec.interval: Invalid value"),
    "interval not a duration": ({"interval": "soon"}, "spec.interval: Invalid value"),
    "interval without unit": ({"interval": "300"}, "spec.interval: Invalid value"),
    "interval in days": ({"interval": "1d"}, "spec.interval: Invalid value"),
    "interval a number": ({"interval": 300}, r"spec.interval: Invalid value: .* must be .*string"),
    "interval beyond arithmetic": ({"interval": "99999999999999999999h"}, "spec.interval: Invalid"),
    "timeout too short": ({"timeout": "999ms"}, _TIMEOUT),
    "timeout too long": ({"timeout": "61m"}, _TIMEOUT),
    "pack ref in capitals": ({"ref": "Tour"}, "spec.ref: Invalid value"),
    "pack ref with dot": ({"ref": "tour.one"}, "spec.ref: Invalid value"),
    "pack ref too long": ({"ref": "a" * 129}, "spec.ref: Too long: may not be more than 128"),
    "unknown onInvalid": (
        {"validation": {"onInvalid": "Ignore"}},
        'spec.validation.onInvalid: Unsupported value: "Ignore": .*"Block", "Skip"',
    ),
    "unknown deletionPolicy": (
        {"deletionPolicy": "Orphan"},
        'spec.deletionPolicy: Unsupported value: "Orphan": .*"Delete", "Retain"',
    ),
    "history of nothing": ({"historyLimit": 0}, "spec.historyLimit: Invalid value: 0"),
    "history too long": ({"historyLimit": 1001}, "spec.historyLimit: Invalid value: 1001"),
    "unknown activation": (
        {"activation": "Never"},
        'spec.activation: Unsupported value: "Never": .*"Automatic", "Manual"',
    ),
    "rollback to nothing": ({"rollback": {}}, "spec.rollback.revision: Required value"),
    "rollback to no number": (
        {"rollback": {"revision": 0}},
        "spec.rollback.revision: Invalid value: 0",
    ),
    "rollback until whenever": (
        {"rollback": {"revision": 1, "until": "Never"}},
        'spec.rollback.until: Unsupported value: "Never": .*"NextCommit", "Removed"',
    ),
    "file size just too large": ({"validation": {"maxFileSize": "1048577"}}, _SIZE),
    "file size too large": ({"validation": {"maxFileSize": "2Mi"}}, _SIZE),
    "file size zero": ({"validation": {"maxFileSize": "0"}}, "maxFileSize: Invalid value"),
    "file size in Gi": ({"validation": {"maxFileSize": "1Gi"}}, "maxFileSize: Invalid value"),
    "depends on itself": ({"dependsOn": [{"name": "base"}, {"name": "tour"}]}, _ITSELF),
    "depends on nobody": ({"dependsOn": [{"namespace": "other"}]}, "name: Required value"),
    "depends on too many": (
        {"dependsOn": [{"name": f"p{number}"} for number in range(65)]},
        "must have at most 64 items",
    ),
    "severity of no rule": (_severities(ATT999="Warn"), _CODE.format("ATT999")),
    "severity of a rule in small letters": (_severities(att206="Warn"), _CODE.format("att206")),
    "severity of a rule that is not adjustable": (
        _severities(ATT101="Warn"),
        _CODE.format("ATT101"),
    ),
    "one severity of several": (
        _severities(ATT206="Warn", ATT601="Ignore", ATT404="Warn"),
        _CODE.format("ATT601"),
    ),
    "unknown severity": (
        _severities(ATT206="Off"),
        'severities.ATT206: Unsupported value: "Off": supported values: "Error", "Warn", "Ignore"',
    ),
    "severity in small letters": (
        _severities(ATT206="error"),
        'severities.ATT206: Unsupported value: "error"',
    ),
    "severity a number": (
        {"validation": {"severities": {"ATT206": 1}}},
        "severities.ATT206: Invalid value: .* must be .*string",
    ),
    "severities a list": (
        {"validation": {"severities": ["ATT206"]}},
        "spec.validation.severities: Invalid value: .* must be .*object",
    ),
    "too many severities": (
        _severities(**{f"ATT{number}": "Warn" for number in range(100, 201)}),
        "spec.validation.severities: Too many: 101: must have at most 100 items",
    ),
    "unknown unknownActions": (
        {"validation": {"unknownActions": "Off"}},
        'spec.validation.unknownActions: Unsupported value: "Off": .*"Error", "Warn", "Ignore"',
    ),
    "suspend a text": ({"suspend": "yes"}, "spec.suspend: Invalid value: .* must be .*boolean"),
    "unknown field": ({"intervall": "5m"}, r'unknown field "spec\.intervall"'),
}

CHANGED: dict[str, tuple[Spec, Spec]] = {
    "changed": ({"ref": "tour"}, {"ref": "other"}),
    "removed": ({"ref": "tour"}, {}),
}


@pytest.mark.parametrize(("spec", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_pack_is_refused(cluster: ControlPlane, spec: Spec, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        cluster.kubectl("create", "--dry-run=server", "-f", "-", input=pack(spec))


@pytest.mark.parametrize(("before", "after"), CHANGED.values(), ids=CHANGED.keys())
def test_ref_stays_once_it_is_set(
    cluster: ControlPlane, namespace: str, before: Spec, after: Spec
) -> None:
    cluster.kubectl("create", "--namespace", namespace, "-f", "-", input=pack(before))
    with pytest.raises(CommandError, match="ref cannot be changed once it is set: make another"):
        cluster.kubectl("replace", "--namespace", namespace, "-f", "-", input=pack(after))
