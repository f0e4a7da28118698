from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from controller.operator.access import NoAccess, load_config
from controller.operator.cluster import Cluster
from controller.operator.request import ApiRefused, ApiUnavailable, Conflict
from controller.pack.identity import PackKey
from hack.localcluster import ControlPlane
from hack.localcluster.kubeconfig import kubeconfig
from tests.operator.conftest import MakePack


def test_a_pack_is_read_by_its_name(cluster: Cluster, make_pack: MakePack) -> None:
    key = make_pack("payments")
    pack = cluster.get_pack(key)
    assert pack is not None
    assert pack["spec"]["git"]["url"] == "https://git.example.com/packs.git"
    assert cluster.get_pack(PackKey(key.namespace, "absent")) is None


def test_packs_are_listed_in_one_namespace_or_all(cluster: Cluster, make_pack: MakePack) -> None:
    keys = [make_pack(name) for name in ("one", "two")]
    listed = cluster.list_packs(keys[0].namespace)
    assert [pack["metadata"]["name"] for pack in listed] == ["one", "two"]
    everywhere = {
        (pack["metadata"]["namespace"], pack["metadata"]["name"]) for pack in cluster.list_packs()
    }
    assert everywhere >= {(key.namespace, key.name) for key in keys}


def test_a_long_list_comes_in_pages(
    cluster: Cluster, make_pack: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("controller.operator.cluster._PAGE", 2)
    keys = [make_pack(name) for name in "abcde"]
    listed = [pack["metadata"]["name"] for pack in cluster.list_packs(keys[0].namespace)]
    assert listed == ["a", "b", "c", "d", "e"]


def test_status_is_merged_and_none_removes(cluster: Cluster, make_pack: MakePack) -> None:
    key = make_pack("payments")
    cluster.patch_status(key, {"observedGeneration": 1, "revision": "main@sha1:1"})
    pack = cluster.patch_status(key, {"observedGeneration": 2, "revision": None})
    assert pack is not None
    assert pack["status"]["observedGeneration"] == 2
    assert "revision" not in pack["status"]
    assert pack["metadata"]["generation"] == 1
    assert cluster.patch_status(PackKey(key.namespace, "absent"), {}) is None


def test_finalizers_are_set_only_on_what_was_read(cluster: Cluster, make_pack: MakePack) -> None:
    key = make_pack("payments")
    read = cluster.get_pack(key)
    assert read is not None
    version = read["metadata"]["resourceVersion"]
    written = cluster.set_finalizers(key, ["attune.io/pack"], version)
    assert written is not None
    assert written["metadata"]["finalizers"] == ["attune.io/pack"]
    with pytest.raises(Conflict):
        cluster.set_finalizers(key, [], version)
    cluster.set_finalizers(key, [], written["metadata"]["resourceVersion"])
    assert "finalizers" not in (cluster.get_pack(key) or {})["metadata"]


def test_secrets_are_decoded(cluster: Cluster, control_plane: ControlPlane, namespace: str) -> None:
    control_plane.kubectl(
        "create", "secret", "generic", "auth", "-n", namespace, "--from-literal=password=h\u00fc"
    )
    assert cluster.read_secret(namespace, "auth") == {"password": "hü".encode()}
    assert cluster.read_secret(namespace, "absent") is None


def test_what_is_forbidden_names_the_place_to_look_at(
    control_plane: ControlPlane, tmp_path: Path, namespace: str
) -> None:
    control_plane.kubectl("create", "serviceaccount", "nobody", "-n", namespace)
    token = control_plane.service_account_token(namespace, "nobody")
    file = tmp_path / "kubeconfig"
    file.write_text(kubeconfig(control_plane.url, token, control_plane.ca.encode()))
    nobody = Cluster(load_config(str(file)))
    with pytest.raises(ApiRefused, match=r"403 .* cannot get resource .* Check the ClusterRole"):
        nobody.read_secret(namespace, "auth")
    nobody.close()


def test_a_wrong_token_is_refused_and_not_shown(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text(kubeconfig(control_plane.url, "tell-nobody", control_plane.ca.encode()))
    stranger = Cluster(load_config(str(file)))
    with pytest.raises(ApiRefused, match="401") as caught:
        stranger.read_secret("default", "auth")
    assert "tell-nobody" not in str(caught.value)
    stranger.close()


def test_an_api_server_that_is_away_is_unavailable_and_comes_back(
    cluster: Cluster, control_plane: ControlPlane, make_pack: MakePack
) -> None:
    key = make_pack("payments")
    assert cluster.get_pack(key)
    control_plane.stop_apiserver()
    with pytest.raises(ApiUnavailable, match="does not answer to GET"):
        cluster.get_pack(key)
    control_plane.start_apiserver()
    assert cluster.get_pack(key)


def test_many_threads_share_one_cluster(cluster: Cluster, make_pack: MakePack) -> None:
    key = make_pack("payments")

    def write(number: int) -> int:
        pack = cluster.patch_status(key, {"observedGeneration": number})
        assert pack is not None
        observed: int = pack["status"]["observedGeneration"]
        return observed

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(write, range(100))) == list(range(100))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="absent"),
        pytest.param("{}", id="empty"),
        pytest.param("a: [", id="not YAML"),
        pytest.param(json.dumps({"current-context": "x", "contexts": []}), id="no such context"),
    ],
)
def test_a_kubeconfig_that_says_nothing_is_explained(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "kubeconfig"
    if content is not None:
        file.write_text(content)
    with pytest.raises(NoAccess, match=f"kubeconfig {file}.*kubectl can use"):
        load_config(str(file))
