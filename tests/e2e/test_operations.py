"""The operators' socket of a controller that runs."""

from __future__ import annotations

import re

import urllib3
from prometheus_client.parser import text_string_to_metric_families

from hack.localcluster import Postgres
from hack.packrepo import pack
from tests.e2e.attune import install_core
from tests.e2e.conftest import MakeSite
from tests.e2e.controller import Controller
from tests.e2e.site import Site
from tests.e2e.waiting import eventually
from tests.telemetry.collector import collecting

_LISTEN = {"ops_listen": "127.0.0.1:0"}


def _get(controller: Controller, path: str) -> urllib3.BaseHTTPResponse:
    place = controller.wait_for_line("listening")["operations"]
    return urllib3.request("GET", f"http://{place}{path}", retries=False, timeout=30)


def _failing(controller: Controller) -> set[str]:
    return {one["name"] for one in _get(controller, "/readyz").json()["checks"] if not one["ok"]}


def _number(site: Site, metric: str, /, **labels: str) -> float | None:
    families = text_string_to_metric_families(_get(site.controller, "/metrics").data.decode())
    found = [
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == metric and labels.items() <= sample.labels.items()
    ]
    return found[0] if found else None


def test_ready_follows_the_database_and_alive_does_not(
    make_site: MakeSite, postgres: Postgres
) -> None:
    controller = make_site(**_LISTEN).controller
    controller.start()
    eventually(lambda: not _failing(controller), controller.text)
    postgres.stop()
    eventually(lambda: _failing(controller) == {"database"}, controller.text)
    assert _get(controller, "/readyz").status == 503
    assert _get(controller, "/healthz").status == 200
    postgres.start()
    eventually(lambda: _get(controller, "/readyz").status == 200, controller.text)


def test_a_pack_is_counted_as_long_as_it_is_there(make_site: MakeSite, ref: str) -> None:
    site = make_site(**_LISTEN)
    install_core(site.database)
    site.controller.start()
    site.repo(ref).commit(pack(ref, workflows=2))
    counted = site.follow(ref)
    counted.wait()

    ready = {"namespace": site.namespace, "name": ref}
    eventually(lambda: _number(site, "attune_pack_ready", **ready) == 1, site.controller.text)
    assert _number(site, "attune_packs", condition="Ready", status="True") == 1
    assert _number(site, "attune_reconciles_total", result="success", reason="Succeeded")
    assert _number(site, "attune_workflows_written_total", action="created") == 2
    assert _number(site, "attune_queue_depth", state="waiting") == 1
    assert _number(site, "attune_working") == 1
    named = {"namespace": site.namespace, "name": ref}
    assert _number(site, "attune_pack_workflows", **named) == 2
    assert _number(site, "attune_pack_last_success_timestamp_seconds", **named)
    assert _number(site, "attune_reconcile_step_duration_seconds_count", step="apply") == 1
    git = {"host": "127.0.0.1", "operation": "fetch"}
    assert _number(site, "attune_git_requests_total", reason="Succeeded", **git) == 1
    assert _number(site, "attune_git_received_bytes_total", **git)
    assert _number(site, "attune_git_mirrors") == 1
    assert _number(site, "attune_git_mirrors_size_bytes")
    assert _number(site, "attune_database_statements_total", statement="write_revision")
    assert _number(site, "attune_database_transactions_total", end="commit")
    assert _number(site, "attune_packs_held", by="approval") == 0

    applied = site.controller.wait_for_line("applied", pack=f"{site.namespace}/{ref}")
    assert re.fullmatch("[0-9a-f]{8}", applied["reconcile_id"])
    assert applied["revision"].startswith("main@sha1:")

    counted.apply({"git": {"url": site.git.url("none")}, "interval": "1h"})
    unready = {**ready, "reason": "RepositoryNotFound"}
    eventually(lambda: _number(site, "attune_pack_ready", **unready) == 0, site.controller.text)

    failed = site.controller.wait_for_line("not in sync", reason="RepositoryNotFound")
    assert failed["reconcile_id"] != applied["reconcile_id"]

    counted.delete()
    removed = site.controller.wait_for_line("pack removed")
    assert "revision" not in removed
    assert removed["reconcile_id"] not in (applied["reconcile_id"], failed["reconcile_id"])
    eventually(lambda: _number(site, "attune_pack_ready", **ready) is None, site.controller.text)


def test_a_controller_that_waits_for_the_lease_is_alive_and_not_ready(make_site: MakeSite) -> None:
    site = make_site(**_LISTEN)
    site.controller.start()
    other = site.controller.twin("second")
    other.start(until="waiting for the lease")
    assert _failing(other) == {"work"}
    assert _get(other, "/healthz").status == 200


def test_a_reconcile_can_be_followed_from_the_log_to_its_trace(
    make_site: MakeSite, ref: str
) -> None:
    site = make_site()
    install_core(site.database)
    site.repo(ref).commit(pack(ref, workflows=1))
    with collecting() as collector:
        site.controller.environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url
        site.controller.start()
        site.follow(ref).wait()
        applied = site.controller.wait_for_line("applied", pack=f"{site.namespace}/{ref}")
        site.controller.stop()
    (trace,) = [
        one
        for one in collector.named("reconcile")
        if one.attributes["attune.reconcile.id"] == applied["reconcile_id"]
    ]
    assert trace.attributes["attune.pack.name"] == ref
    assert trace.attributes["attune.workflows.created"] == 1
    steps = [one.name for one in collector.spans if one.parent == trace.id]
    assert steps[0] == "prepare"
    assert steps[-1] == "apply"
