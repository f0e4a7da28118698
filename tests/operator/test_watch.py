from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controller.operator.access import load_config
from controller.operator.cluster import Cluster
from controller.operator.request import Body
from controller.operator.watch import Change, OnChange, Watch
from controller.pack.identity import PackKey
from hack.localcluster import ControlPlane
from hack.localcluster.kubeconfig import kubeconfig
from tests.operator.conftest import CRD, MakePack, pack

PATIENCE = 40.0


class Seen:
    """What a watch told, in order; `until` waits for a line."""

    def __init__(self) -> None:
        self.told: queue.Queue[tuple[Change, Body]] = queue.Queue()
        self.failed: queue.Queue[BaseException] = queue.Queue()

    def __call__(self, change: Change, body: Body) -> None:
        self.told.put((change, body))

    def until(self, change: Change, key: PackKey) -> Body:
        deadline = time.monotonic() + PATIENCE
        while True:
            told, body = self.told.get(timeout=max(0.0, deadline - time.monotonic()))
            metadata = body["metadata"]
            if (told, metadata["namespace"], metadata["name"]) == (change, *vars_of(key)):
                return body


def vars_of(key: PackKey) -> tuple[str, str]:
    return key.namespace, key.name


StartWatch = Callable[..., Seen]


@pytest.fixture
def watch(cluster: Cluster) -> Iterator[StartWatch]:
    """Start to watch the cluster, and wait until kopf does."""
    started = []

    def start(
        on_change: OnChange | None = None, namespaces: tuple[str, ...] = (), by: Cluster = cluster
    ) -> Seen:
        seen = Seen()
        one = Watch(by, on_change or seen, seen.failed.put, namespaces=namespaces)
        one.start()
        started.append(one)
        assert one.ready.wait(PATIENCE)
        return seen

    yield start
    for one in started:
        one.stop()


def test_creating_editing_and_deleting_are_seen(
    watch: StartWatch, make_pack: MakePack, control_plane: ControlPlane
) -> None:
    before = make_pack("before")
    seen = watch()
    listed = seen.until(Change.LISTED, before)
    assert listed["spec"]["git"]["url"] == "https://git.example.com/packs.git"
    later = make_pack("later")
    seen.until(Change.ADDED, later)
    control_plane.kubectl("annotate", "pack", "later", "-n", later.namespace, "note=new")
    assert seen.until(Change.MODIFIED, later)["metadata"]["annotations"]["note"] == "new"
    control_plane.kubectl("delete", "pack", "later", "-n", later.namespace)
    seen.until(Change.DELETED, later)


def test_nothing_is_written_to_what_is_watched(
    watch: StartWatch, cluster: Cluster, make_pack: MakePack
) -> None:
    """Not even the finalizer, which kopf would take off if it thought it its own."""
    key = make_pack("untouched")
    version = (cluster.get_pack(key) or {})["metadata"]["resourceVersion"]
    before = cluster.set_finalizers(key, ["attune.io/pack"], version)
    assert before is not None
    seen = watch()
    seen.until(Change.LISTED, key)
    # A later event has passed, so whatever kopf would have written was written by then.
    seen.until(Change.ADDED, make_pack("later"))
    assert cluster.get_pack(key) == before


def test_an_outage_of_the_api_server_loses_no_change(
    watch: StartWatch, make_pack: MakePack, control_plane: ControlPlane
) -> None:
    key = make_pack("steady")
    seen = watch()
    seen.until(Change.LISTED, key)
    control_plane.stop_apiserver()
    control_plane.start_apiserver()
    control_plane.kubectl("annotate", "pack", key.name, "-n", key.namespace, "note=new")
    while "note" not in seen_again(seen, key)["metadata"].get("annotations", {}):
        pass
    assert seen.failed.empty()


def seen_again(seen: Seen, key: PackKey) -> Body:
    """The next news of `key`, by a list or by the watch, whichever resumed."""
    while True:
        _, body = seen.told.get(timeout=PATIENCE)
        if (body["metadata"]["namespace"], body["metadata"]["name"]) == vars_of(key):
            return body


def test_only_the_named_namespaces_are_watched_and_need_permission(
    watch: StartWatch, make_pack: MakePack, control_plane: ControlPlane, tmp_path: Path
) -> None:
    """A Role for one namespace is enough: no list of namespaces, no resource definitions."""
    key = make_pack("mine")
    here = ("-n", key.namespace)
    control_plane.kubectl("create", "serviceaccount", "watcher", *here)
    control_plane.kubectl(
        "create", "role", "watcher", "--verb=list,watch", "--resource=packs.attune.io", *here
    )
    control_plane.kubectl(
        "create",
        "rolebinding",
        "watcher",
        "--role=watcher",
        f"--serviceaccount={key.namespace}:watcher",
        *here,
    )
    token = control_plane.service_account_token(key.namespace, "watcher")
    file = tmp_path / "kubeconfig"
    file.write_text(kubeconfig(control_plane.url, token, control_plane.ca.encode()))
    watcher = Cluster(load_config(str(file)))
    seen = watch(namespaces=(key.namespace,), by=watcher)
    seen.until(Change.LISTED, key)
    control_plane.kubectl(
        "create",
        "-f",
        "-",
        input=pack("default", "elsewhere"),
    )
    seen.until(Change.ADDED, make_pack("also-mine"))
    control_plane.kubectl("delete", "pack", "elsewhere")
    watcher.close()


def test_a_change_that_cannot_be_taken_ends_the_watch(
    watch: StartWatch, make_pack: MakePack
) -> None:
    """Better to begin again with a list than to have missed one change for ever."""
    make_pack("unlucky")

    def refuse(_change: Change, _body: Body) -> None:
        raise ValueError("no room")

    seen = watch(refuse)
    assert str(seen.failed.get(timeout=PATIENCE)) == "no room"
    assert seen.failed.empty()


class Telling(Cluster):
    """A cluster that also tells the test what it answers about being served."""

    def __init__(self, file: Path) -> None:
        super().__init__(load_config(str(file)))
        self.answers: queue.Queue[bool] = queue.Queue()

    def serves_packs(self) -> bool:
        answer = super().serves_packs()
        self.answers.put(answer)
        return answer

    def until(self, wanted: bool) -> None:
        while self.answers.get(timeout=PATIENCE) is not wanted:
            pass


def test_packs_that_are_not_served_are_waited_for() -> None:
    """In a cluster of its own, because it has no resource definition at first."""
    seen = Seen()
    here = PackKey("default", "here")
    with ControlPlane() as fresh:
        cluster = Telling(fresh.kubeconfig)
        one = Watch(cluster, seen, seen.failed.put)
        one.start()
        cluster.until(False)
        assert not one.ready.is_set()
        fresh.kubectl("apply", "-f", str(CRD))
        cluster.until(True)
        fresh.kubectl("create", "-f", "-", input=pack(*vars_of(here)))
        first = seen_again(seen, here)["metadata"]["uid"]
        fresh.kubectl("delete", "-f", str(CRD))
        cluster.until(False)
        assert not one.ready.is_set()
        fresh.kubectl("apply", "-f", str(CRD))
        cluster.until(True)
        fresh.kubectl("create", "-f", "-", input=pack(*vars_of(here)))
        while seen_again(seen, here)["metadata"]["uid"] == first:
            pass
        one.stop()
        cluster.close()
    assert seen.failed.empty()
