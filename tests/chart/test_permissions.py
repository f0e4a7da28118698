"""What the service account may do: what the controller needs, and nothing else."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controller.operator.access import load_config
from controller.operator.cluster import Cluster
from controller.operator.request import ApiRefused
from controller.operator.reviews import Reviews
from controller.operator.watch import Change, Watch
from controller.pack.identity import PackKey
from controller.pack.user import User
from hack.localcluster import ControlPlane
from hack.localcluster.cluster import CommandError
from hack.localcluster.kubeconfig import kubeconfig
from tests.chart.release import SYSTEM, Body, install, pack, read

# Each namespace that is watched; then the release's own, where the Lease is.
WATCHED = {
    ("attune.io", "packs", "", "get list patch watch"),
    ("attune.io", "packs/status", "", "patch"),
    ("", "events", "", "create"),
    ("", "secrets", "", "get"),
}
# Where all namespaces are watched: what tells this cluster from others.
CLUSTER = {("", "namespaces", "kube-system", "get")}
# Of the cluster, for the API: whose a token is, and what a user may do. Everybody may ask what they
# may do themselves.
REVIEWS = {
    ("authentication.k8s.io", "tokenreviews", "", "create"),
    ("authorization.k8s.io", "subjectaccessreviews", "", "create"),
}
LEASE = {
    ("coordination.k8s.io", "leases", "", "create"),
    ("coordination.k8s.io", "leases", "NAME", "get update"),
}

ALL = "attune-attune-pack-controller"
TEAMS = "teams-attune-pack-controller"

# Without --validate kubectl looks for a schema, in definitions that the account cannot read.
_REVIEW = ("create", "--validate=false", "-o", "json", "-f", "-")

Connect = Callable[[str], Cluster]


@pytest.fixture(scope="module")
def releases(control_plane: ControlPlane) -> ControlPlane:
    """Beside the release that watches all namespaces, one that watches team-a."""
    install(control_plane, "teams", "--set", "crds.install=false,namespaces={team-a}")
    for namespace in ("team-a", "team-b"):
        control_plane.kubectl("create", "-f", "-", input=pack(namespace))
        control_plane.kubectl(
            "create", "secret", "generic", "git-auth", "-n", namespace, "--from-literal=a=1"
        )
    control_plane.kubectl("create", "serviceaccount", "nobody", "-n", SYSTEM)
    return control_plane


@pytest.fixture
def connect(releases: ControlPlane, tmp_path: Path) -> Iterator[Connect]:
    """Make the controller's own client, with the token of the service account that is named."""
    clients: list[Cluster] = []

    def make(account: str) -> Cluster:
        token = releases.service_account_token(SYSTEM, account)
        file = tmp_path / account
        file.write_text(kubeconfig(releases.url, token, releases.ca.encode()))
        clients.append(Cluster(load_config(str(file))))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def _rules(cluster: ControlPlane, account: str, namespace: str) -> set[tuple[str, str, str, str]]:
    """All that `account` may do in `namespace`: group, resource, name and verbs."""
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    token = f"--token={cluster.service_account_token(SYSTEM, account)}"
    answer = cluster.kubectl(token, *_REVIEW, input=json.dumps(review))
    return {
        (group, resource, name, " ".join(sorted(rule["verbs"])))
        for rule in json.loads(answer)["status"]["resourceRules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for name in rule.get("resourceNames") or [""]
    }


def _granted(cluster: ControlPlane, account: str, namespace: str) -> set[tuple[str, ...]]:
    """What `account` may do beyond what every service account may."""
    rules = _rules(cluster, account, namespace) - _rules(cluster, "nobody", namespace)
    return {
        (group, resource, "NAME" if name == account else name, verbs)
        for group, resource, name, verbs in rules
    }


@pytest.mark.parametrize(
    ("account", "namespace", "expected"),
    [
        pytest.param(ALL, "team-a", WATCHED | CLUSTER | REVIEWS, id="all namespaces: a tenant's"),
        pytest.param(ALL, SYSTEM, WATCHED | CLUSTER | REVIEWS | LEASE, id="all: its own"),
        pytest.param(TEAMS, "team-a", WATCHED, id="team-a: team-a"),
        pytest.param(TEAMS, "team-b", set(), id="team-a: team-b"),
        pytest.param(TEAMS, SYSTEM, LEASE, id="team-a: its own"),
    ],
)
def test_exactly_this_is_granted(
    releases: ControlPlane, account: str, namespace: str, expected: set[tuple[str, ...]]
) -> None:
    assert _granted(releases, account, namespace) == expected


@pytest.mark.parametrize("account", [ALL, TEAMS])
def test_all_that_the_controller_asks_is_allowed(
    releases: ControlPlane, connect: Connect, account: str
) -> None:
    cluster, key = connect(account), PackKey("team-a", "tour")
    assert cluster.serves_packs()
    if account == ALL:
        reviews = Reviews(cluster)
        assert reviews.user("nobody's token") is None
        assert not reviews.allows(User("nobody"), "get", "team-a", "tour")
        assert cluster.uid() == read(releases, "namespace", "kube-system")["metadata"]["uid"]
    assert [body["metadata"]["name"] for body in cluster.list_packs("team-a")] == ["tour"]
    assert cluster.patch_status(key, {"revision": "main@0"})
    found = cluster.get_pack(key)
    assert found
    version = found["metadata"]["resourceVersion"]
    assert cluster.set_finalizers(key, ["attune.io/pack"], version)
    assert cluster.read_secret("team-a", "git-auth") == {"a": b"1"}
    cluster.create_event(_event(account))
    made = cluster.create_lease(_lease(account))
    assert made
    assert cluster.replace_lease(made)
    assert cluster.get_lease(SYSTEM, account)
    assert read(releases, "lease", account, "-n", SYSTEM)["spec"]["holderIdentity"] == "test"


@pytest.mark.parametrize(
    ("account", "namespaces"),
    [pytest.param(ALL, (), id="all namespaces"), pytest.param(TEAMS, ("team-a",), id="team-a")],
)
def test_the_watch_works(connect: Connect, account: str, namespaces: tuple[str, ...]) -> None:
    seen = threading.Event()
    failures: list[BaseException] = []

    def observe(_: Change, body: Body) -> None:
        if body["metadata"]["namespace"] == "team-a":
            seen.set()

    watch = Watch(connect(account), observe, failures.append, namespaces=namespaces)
    watch.start()
    try:
        assert seen.wait(30)
    finally:
        watch.stop()
    assert failures == []


def test_packs_and_secrets_of_others_are_out_of_reach(connect: Connect) -> None:
    cluster, theirs = connect(TEAMS), PackKey("team-b", "tour")
    asked: dict[str, Callable[[], object]] = {
        "get pack": lambda: cluster.get_pack(theirs),
        "list packs": lambda: list(cluster.list_packs("team-b")),
        "list all packs": lambda: list(cluster.list_packs()),
        "patch status": lambda: cluster.patch_status(theirs, {"revision": "x"}),
        "get secret": lambda: cluster.read_secret("team-b", "git-auth"),
    }
    assert {name for name, ask in asked.items() if _is_refused(ask)} == set(asked)


@pytest.mark.parametrize("account", [ALL, TEAMS])
@pytest.mark.parametrize(
    "command",
    [
        "get secrets",
        "get pods",
        "get configmaps",
        "get events",
        "get leases.coordination.k8s.io",
        "get deployments.apps",
        "get customresourcedefinitions.apiextensions.k8s.io",
        "get namespaces",
        "delete packs.attune.io tour",
        "delete secret git-auth",
    ],
)
def test_all_else_is_forbidden(releases: ControlPlane, account: str, command: str) -> None:
    token = f"--token={releases.service_account_token(SYSTEM, account)}"
    with pytest.raises(CommandError, match="Forbidden"):
        releases.kubectl(token, *command.split(), "--namespace", "team-a")


def _is_refused(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except ApiRefused as error:
        return "answered 403" in str(error)
    return False


def _event(name: str) -> Body:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": name, "namespace": "team-a"},
        "involvedObject": {"kind": "Pack", "name": "tour", "namespace": "team-a"},
    }


def _lease(name: str) -> Body:
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": name, "namespace": SYSTEM},
        "spec": {"holderIdentity": "test"},
    }
