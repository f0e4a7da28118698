"""What the chart makes of its values, before anything is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml

import controller
from controller.app import mirrors
from controller.config import LogFormat, Settings
from hack.localcluster import ControlPlane
from hack.localcluster.cluster import CommandError
from tests.chart.release import CHART, Body, one, rendered

# Values that a user replaces as a whole, or adds to as Kubernetes documents them.
_WHOLE = {"resources", "podSecurityContext", "securityContext"}
_DIGEST = f"sha256:{'0a' * 32}"

REFUSED = {
    "unknown value": ("imagee.tag=1", "imagee"),
    "floating tag": ("image.tag=latest", "/image/tag"),
    "digest without its kind": (f"image.digest={'0' * 64}", "/image/digest"),
    "no database Secret": ("database.existingSecret=", "/database/existingSecret"),
    "no worker": ("settings.workers=0", "/settings/workers"),
    "unknown setting": ("settings.worker=2", "worker"),
    "no port": ("operations.port=80", "/operations/port"),
    "no host": ("git.allowedHosts={a b}", "/git/allowedHosts"),
    "no network": ("git.deniedNetworks={home}", "/git/deniedNetworks"),
    "unknown log level": ("settings.logLevel=loud", "/settings/logLevel"),
    "pattern as a namespace": ("namespaces={team-*}", "/namespaces/0"),
    "cache without unit": ("cache.sizeLimit=5", "/cache/sizeLimit"),
}


def _pod(bodies: list[Body]) -> Body:
    pod: Body = one(bodies, "Deployment")["spec"]["template"]
    return pod


def _container(bodies: list[Body]) -> Body:
    (container,) = _pod(bodies)["spec"]["containers"]
    found: Body = container
    return found


def _leaves(values: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict) and value and name not in _WHOLE:
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def test_lint_has_nothing_to_say(control_plane: ControlPlane) -> None:
    assert "0 chart(s) failed" in control_plane.helm("lint", "--strict", str(CHART))


@pytest.mark.parametrize(("value", "place"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_value_is_refused(control_plane: ControlPlane, value: str, place: str) -> None:
    with pytest.raises(CommandError, match=f"(?s)don't meet the specifications.*{place}"):
        rendered(control_plane, "--set", value)


def test_the_image_is_of_the_version_of_the_code(control_plane: ControlPlane) -> None:
    image = _container(rendered(control_plane))["image"]
    assert image == f"attune-pack-controller:{controller.__version__}"


def test_a_digest_wins_over_the_tag(control_plane: ControlPlane) -> None:
    bodies = rendered(control_plane, "--set", f"image.tag=1.2.3,image.digest={_DIGEST}")
    assert _container(bodies)["image"] == f"attune-pack-controller@{_DIGEST}"


def test_every_variable_is_a_setting_of_the_controller(
    control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = (
        "settings.workers=3,settings.allowHttp=true,namespaces={team-a,team-b},"
        "api.tokensSecret=tokens,api.audiences={packs},"
        "api.oidc.issuer=https://login.example.com,api.oidc.audience=packs"
    )
    variables = _container(rendered(control_plane, "--set", options))["env"]
    names = {variable["name"].removeprefix("PACKCTL_").lower() for variable in variables}
    assert names <= set(Settings.model_fields)
    for variable in variables:
        monkeypatch.setenv(variable["name"], variable.get("value", "from-elsewhere"))
    settings = Settings()
    assert (settings.workers, settings.allow_http) == (3, True)
    assert settings.watched == ("team-a", "team-b")
    assert settings.log_format is LogFormat.JSON
    assert (settings.oidc_issuer, settings.oidc_audience) == ("https://login.example.com", "packs")
    assert (settings.oidc_username_claim, settings.oidc_prefix) == ("sub", "oidc:")
    assert str(settings.api_tokens_file) == "/etc/attune-api/tokens.toml"


def test_packs_may_not_lead_into_the_cluster_unless_a_value_opens_it(
    control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("--set", "git.allowedHosts={git.corp.example.com}")
    for variable in _container(rendered(control_plane, *options))["env"]:
        monkeypatch.setenv(variable["name"], variable.get("value", "from-elsewhere"))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "203.0.114.7")
    policy = mirrors(Settings()).network
    assert policy.allows("git.corp.example.com", ip_address("10.1.2.3"))
    assert policy.allows("github.com", ip_address("140.82.121.4"))
    for host, address in [
        ("gitea.forge.svc", "140.82.121.4"),
        ("gitea.example.com", "10.1.2.3"),
        ("localhost", "127.0.0.1"),
        ("api.example.com", "203.0.114.7"),
    ]:
        assert not policy.allows(host, ip_address(address))


def test_the_cache_is_a_volume(control_plane: ControlPlane) -> None:
    container = _container(rendered(control_plane))
    (folder,) = (one["value"] for one in container["env"] if one["name"] == "PACKCTL_CACHE_DIR")
    assert folder in {mount["mountPath"] for mount in container["volumeMounts"]}


@pytest.mark.parametrize(
    ("volume", "size"),
    [("5Gi", 4 * 1024**3), ("100Mi", 80 * 1024**2), ("1Ti", 838860 * 1024**2), ("1Mi", 1024**2)],
)
def test_the_mirrors_fit_into_their_volume(
    control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch, volume: str, size: int
) -> None:
    container = _container(rendered(control_plane, "--set", f"cache.sizeLimit={volume}"))
    (given,) = (one["value"] for one in container["env"] if one["name"] == "PACKCTL_CACHE_SIZE")
    monkeypatch.setenv("PACKCTL_CACHE_SIZE", given)
    assert Settings().cache_size == size


def test_the_databases_authority_is_a_file(control_plane: ControlPlane) -> None:
    bodies = rendered(control_plane, "--set", "database.existingSecret=db,database.caKey=root.pem")
    (volume,) = (one for one in _pod(bodies)["spec"]["volumes"] if one["name"] == "database-ca")
    assert volume["secret"] == {
        "secretName": "db",
        "items": [{"key": "root.pem", "path": "ca.crt"}],
    }
    mounts = {one["name"]: one["mountPath"] for one in _container(bodies)["volumeMounts"]}
    assert mounts["database-ca"] == "/etc/attune-database"


def test_every_volume_that_is_written_has_a_limit(control_plane: ControlPlane) -> None:
    volumes = _pod(rendered(control_plane, "--set", "cache.sizeLimit=7Gi"))["spec"]["volumes"]
    assert {one["name"]: one["emptyDir"] for one in volumes} == {
        "cache": {"sizeLimit": "7Gi"},
        "tmp": {"sizeLimit": "128Mi"},
    }


@pytest.mark.parametrize("grace", [0, 20, 300])
def test_a_pod_is_given_longer_than_its_reconciles(control_plane: ControlPlane, grace: int) -> None:
    bodies = rendered(control_plane, "--set", f"settings.shutdownGrace={grace}")
    assert _pod(bodies)["spec"]["terminationGracePeriodSeconds"] > grace


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ("namespaces={a},api.kubernetes=true", 1),
        ("api.kubernetes=false", 1),
        ("api.kubernetes=auto", 2),
    ],
)
def test_users_of_the_cluster_take_a_cluster_role_of_their_own(
    control_plane: ControlPlane, values: str, kinds: int
) -> None:
    bodies = rendered(control_plane, "--set", values)
    roles = [body for body in bodies if body["kind"] == "ClusterRole"]
    assert len(roles) == kinds
    env = {one["name"]: one.get("value") for one in _container(bodies)["env"]}
    is_asked = any(role["metadata"]["name"].endswith(":reviews") for role in roles)
    assert env["PACKCTL_API_KUBERNETES"] == str(is_asked).lower()


def test_named_namespaces_need_no_cluster_role(control_plane: ControlPlane) -> None:
    bodies = rendered(control_plane, "--set", "namespaces={team-a,team-b}")
    assert not {body["kind"] for body in bodies} & {"ClusterRole", "ClusterRoleBinding"}


def test_an_account_that_is_there_already_is_used(control_plane: ControlPlane) -> None:
    bodies = rendered(
        control_plane, "--set", "serviceAccount.create=false,serviceAccount.name=ours"
    )
    assert _pod(bodies)["spec"]["serviceAccountName"] == "ours"
    bound = [body for body in bodies if body["kind"] == "ClusterRoleBinding"]
    assert [body["subjects"][0]["name"] for body in bound] == ["ours", "ours"]
    assert "ServiceAccount" not in {body["kind"] for body in bodies}


def test_placement_reaches_the_pod(control_plane: ControlPlane, tmp_path: Path) -> None:
    placement = {
        "nodeSelector": {"disk": "ssd"},
        "tolerations": [{"key": "gitops", "operator": "Exists"}],
        "affinity": {"nodeAffinity": {}},
    }
    values = tmp_path / "values.yaml"
    values.write_text(yaml.safe_dump({**placement, "podAnnotations": {"scrape": "no"}}))
    pod = _pod(rendered(control_plane, "--values", str(values)))
    assert {name: pod["spec"][name] for name in placement} == placement
    assert pod["metadata"]["annotations"] == {"scrape": "no"}


def test_the_readme_lists_every_value() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    section = (CHART / "README.md").read_text().split("## ")[1]
    listed = set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
    assert listed == set(_leaves(values))
