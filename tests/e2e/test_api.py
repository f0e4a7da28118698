"""The API lets in whom the cluster knows, as far as the cluster lets them get and update Packs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from hack.localcluster import ControlPlane, Postgres
from hack.packrepo import pack
from tests.e2e.attune import install_core
from tests.e2e.site import Site, installed
from tests.web.api.asking import Client

Json = dict[str, Any]


@pytest.fixture(scope="module")
def served(packs_served: ControlPlane, postgres: Postgres) -> Iterator[Site]:
    """A site whose controller answers."""
    with installed(packs_served, postgres, http_listen="127.0.0.1:0") as site:
        install_core(site.database)
        site.controller.start()
        yield site


def _client(site: Site, account: str, verbs: str = "", *names: str) -> Client:
    """A new service account that may do so much to the Packs, or those of `names`."""
    kubectl, place = site.control_plane.kubectl, ("-n", site.namespace)
    kubectl("create", "serviceaccount", account, *place)
    if verbs:
        named = [f"--resource-name={one}" for one in names]
        kubectl("create", "role", account, f"--verb={verbs}", "--resource=packs.attune.io", *named,
                *place)  # fmt: skip
        whom = f"--serviceaccount={site.namespace}:{account}"
        kubectl("create", "rolebinding", account, f"--role={account}", whom, *place)
    token = site.control_plane.service_account_token(site.namespace, account)
    return Client(site.controller.wait_for_line("listening")["http"], token)


def test_what_one_may_do_to_packs_in_the_cluster_one_may_do_here(served: Site, ref: str) -> None:
    served.repo(ref).commit(pack(ref, workflows=2))
    served.follow(ref).wait()
    stranger, reader = _client(served, f"{ref}-s"), _client(served, f"{ref}-r", "get,list")
    writer = _client(served, f"{ref}-w", "get,update")

    assert stranger.get("/packs").data == []
    assert stranger.get(f"/packs/{ref}").status == 404
    [seen] = [one for one in reader.get("/packs").data if one["ref"] == ref]
    assert (seen["namespace"], seen["name"], seen["ready"]) == (served.namespace, ref, "True")
    assert (seen["workflow_count"], seen["may"]) == (2, ["get"])
    assert writer.get(f"/packs/{ref}").data["may"] == ["get", "update"]
    assert len(reader.get(f"/packs/{ref}/workflows").data) == 2
    who = f"system:serviceaccount:{served.namespace}:{ref}-r"
    assert reader.get("/me").data["user"] == who


def test_who_may_see_one_pack_sees_that_one(served: Site, ref: str) -> None:
    for name in (ref, f"{ref}2"):
        served.repo(name).commit(pack(name))
        served.follow(name).wait()
    client = _client(served, ref, "get", ref)
    assert client.get(f"/packs/{ref}").data["name"] == ref
    assert client.get(f"/packs/{ref}2").status == 404


def test_a_token_that_the_cluster_does_not_know_is_refused(served: Site, ref: str) -> None:
    client = _client(served, ref, "get")
    head, body, signature = client.token.split(".")
    forged = Client(client.place, ".".join([head, body, signature[::-1]]))
    answer = forged.get("/packs")
    assert (answer.status, answer.body["code"]) == (401, "UNAUTHORIZED")
    assert client.token not in json.dumps(served.controller.lines())


def test_a_sync_of_a_pack_is_a_reconcile_that_is_waited_for(served: Site, ref: str) -> None:
    repo = served.repo(ref)
    repo.commit(pack(ref, workflows=1))
    served.follow(ref).wait()
    client = _client(served, ref, "get,update")
    commit = repo.commit(pack(ref, workflows=2))
    answer = client.post(f"/packs/{ref}/workflows/sync")
    assert (answer.status, answer.data["errors"]) == (200, [])
    assert [one["created"] for one in answer.data["workflows"]] == [False, True]
    assert client.get(f"/packs/{ref}").data["revision"].endswith(commit)

    bad = {"workflows/bad.yaml": f"ref: {ref}.bad\nlabel: Bad\nversion: 1.0.0\ntasks: 7\n"}
    repo.commit(bad)
    refused = client.post(f"/packs/{ref}/workflows/sync").data
    assert (refused["registered_count"], len(refused["errors"])) == (0, 1)
    assert refused["errors"][0].startswith("workflows/bad.yaml:4")
    told = client.post(f"/packs/{ref}/workflows/validate").data
    assert (told["validated_count"], list(told["errors"])) == (3, [f"{ref}.bad"])
    assert client.get(f"/packs/{ref}/diagnostics").data["error_count"] == 1


def test_all_are_synced_at_once(served: Site, ref: str) -> None:
    names = [f"{ref}{n}" for n in range(3)]
    for name in names:
        served.repo(name).commit(pack(name, workflows=1))
        served.follow(name).wait()
    client = _client(served, ref, "get,update")
    for name in names:
        served.repo(name).commit(pack(name, workflows=2))
    answer = client.post("/packs/sync").data
    counts = {one["pack_ref"]: one["registered_count"] for one in answer["packs"]}
    assert counts | dict.fromkeys(names, 2) == counts


def test_a_sync_that_takes_longer_goes_on(served: Site, ref: str) -> None:
    repo = served.repo(ref)
    repo.commit(pack(ref, workflows=1))
    followed = served.follow(ref)
    followed.wait()
    client = _client(served, ref, "get,update")
    served.git.hang(ref)
    commit = repo.commit(pack(ref, workflows=2))
    assert client.post(f"/packs/{ref}/workflows/sync?timeout=0.1").status == 202
    served.git.release(ref)
    followed.wait_until(lambda seen: commit in (seen.status.last_applied_revision or ""))


def test_who_may_update_can_suspend_and_roll_back(served: Site, ref: str) -> None:
    repo = served.repo(ref)
    repo.commit(pack(ref, workflows=1))
    followed = served.follow(ref)
    followed.wait()
    repo.commit(pack(ref, workflows=2))
    followed.reconcile()
    reader, client = _client(served, f"{ref}-r", "get"), _client(served, ref, "get,update")
    for path, body in (("suspend", {"suspend": True}), ("rollback", {"revision": 1}), ("sync", {})):
        assert reader.post(f"/packs/{ref}/{path}", body).status == 403

    assert client.post(f"/packs/{ref}/rollback", {"revision": "~1"}).data["revision"] == 1
    followed.wait_until(lambda seen: seen.status.workflow_count == 1)
    assert client.post(f"/packs/{ref}/rollback", {"revision": None}).status == 200
    followed.wait_until(lambda seen: seen.status.workflow_count == 2)

    assert client.post(f"/packs/{ref}/suspend", {"suspend": True}).data["suspended"] is True
    followed.wait("Ready", "False", "Suspended")
    assert client.get(f"/packs/{ref}").data["suspended"] is True
    assert client.post(f"/packs/{ref}/sync").status == 409
    client.post(f"/packs/{ref}/suspend", {"suspend": False})
    followed.wait("Ready", "True", "Succeeded")
    assert len(client.get(f"/packs/{ref}/revisions").data) == 4


def test_changes_are_told_as_they_come(served: Site, ref: str) -> None:
    heard = _client(served, ref, "get").events()
    assert next(heard) == ("ready", {})

    commit = served.repo(ref).commit(pack(ref, workflows=1))
    followed = served.follow(ref)
    seen = next(one for kind, one in heard if kind == "pack" and one["ready"] == "True")
    assert (seen["ref"], seen["workflow_count"], seen["may"]) == (ref, 1, ["get"])
    assert seen["revision"].endswith(commit)
    followed.delete()
    assert next(one for kind, one in heard if kind == "gone") == {
        "namespace": served.namespace,
        "name": ref,
    }
