"""What the chart gives to Prometheus and Grafana, held against the page that they read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from controller.config import OpenTelemetry
from controller.errors import Reason
from controller.operator.cache import Cache
from controller.operator.census import census
from controller.operator.queue import WorkQueue
from controller.operator.successes import Successes
from controller.pack.identity import PackKey
from controller.pack.outcome import Applied, Outcome, StepTime
from controller.source.shelf import Taken
from controller.telemetry import Meters
from hack.localcluster import ControlPlane
from hack.localcluster.cluster import CommandError
from tests.chart.expressions import labels, metrics, parts
from tests.chart.release import CHART, SYSTEM, Body, one, rendered

DOCS = Path(__file__).parents[2] / "docs"
ALERTS: list[Body] = yaml.safe_load((CHART / "files" / "alerts.yaml").read_text())
DASHBOARD: Body = json.loads((CHART / "files" / "dashboard.json").read_text())
BY_NAME = {alert["alert"]: alert for alert in ALERTS}

ENABLED = (
    "monitoring.podMonitor.enabled=true",
    "monitoring.rules.enabled=true",
    "monitoring.dashboard.enabled=true",
    "monitoring.podMonitor.labels.release=prometheus",
    "monitoring.rules.runbookUrl=https://git.example.com/docs/runbooks/",
)
_OPTIONS = ("--set", ",".join(ENABLED))


def _panels() -> Iterator[tuple[str, str]]:
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            expression = target["expr"].replace("$__rate_interval", "5m")
            yield f"{panel['title']}: {expression}", expression


PANELS = dict(_panels())

_READY = {"type": "Ready", "status": "True", "reason": "Succeeded"}
_PACK: Body = {
    "metadata": {"namespace": "team-a", "name": "demo", "uid": "1", "resourceVersion": "1"},
    "spec": {"git": {"url": "https://git.example.com/demo.git"}},
    "status": {"conditions": [_READY], "workflowCount": 1},
}


@pytest.fixture(scope="module")
def samples() -> dict[str, set[str]]:
    """All samples of a page where each thing has happened once, with their labels."""
    meters, cache, successes = Meters(), Cache(), Successes()
    meters.show(census(cache, WorkQueue(), lambda: Taken(0, 0), successes))
    cache.put(_PACK)
    applied = Applied("demo", "1.0.0", 1, 0, 0, 0, 0, (), wrote=True)
    outcome = Outcome("u", "r", applied=applied, steps=(StepTime("fetch", 0.0, 0.1),))
    meters.reconciled(outcome)
    successes.heard(PackKey("team-a", "demo"), outcome)
    meters.asked("git.example.com", "look", Reason.SUCCEEDED, 0.1, 100)
    meters.delivered("github", "accepted")
    meters.notified("sent")
    for name in ("ping", "commit"):
        meters.stated(name)
    meters.tried_again("40001")
    return {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(meters.page().decode())
        for sample in family.samples
    }


@pytest.fixture(scope="module")
def shown(samples: dict[str, set[str]]) -> set[str]:
    """Their names."""
    return set(samples)


@pytest.fixture(scope="module")
def explained() -> dict[str, set[str]]:
    """Each metric that docs/operations.md lists, with its labels."""
    table = (DOCS / "operations.md").read_text().partition("| name | labels |")[2]
    found = re.findall(r"^\| `(attune_\w+)` \| (.*?) \|", table, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", words)) for name, words in found}


def test_the_page_and_the_paper_have_the_same_metrics(
    samples: dict[str, set[str]], explained: dict[str, set[str]]
) -> None:
    ours = {
        re.sub(r"_(bucket|sum|count)$", "", name): labels - {"le"}
        for name, labels in samples.items()
        if name.startswith("attune_")
    }
    assert ours == explained


@pytest.mark.parametrize(
    "expression",
    [*(alert["expr"] for alert in ALERTS), *PANELS.values()],
    ids=[*BY_NAME, *PANELS],
)
def test_an_expression_asks_for_what_the_page_shows(
    expression: str, shown: set[str], explained: dict[str, set[str]]
) -> None:
    wanted = metrics(expression)
    assert wanted
    assert wanted <= shown
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in wanted}
    known = set().union(*(explained.get(name, set()) for name in families))
    assert labels(expression) <= known | {"le"}


def test_an_expression_that_prometheus_would_refuse_is_refused() -> None:
    with pytest.raises(ValueError, match="unclosed left parenthesis"):
        list(parts("sum by (host (attune_working)"))
    assert metrics("rate(a[5m]) / sum(b{c='d'})") == {"a", "b"}
    assert labels("sum by (e) (b{c='d'})") == {"c", "e"}


@pytest.mark.parametrize("name", BY_NAME)
def test_an_alert_has_a_page_and_words_for_people(name: str) -> None:
    alert = BY_NAME[name]
    assert alert["labels"]["severity"] in {"critical", "warning", "info"}
    assert set(alert["annotations"]) == {"summary", "description"}
    page = (DOCS / "runbooks" / f"{name}.md").read_text()
    assert page.startswith(f"# {name}\n\nSeverity: {alert['labels']['severity']}\n")
    headings = re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert headings == ["What it means", "Look", "Act"]


def test_every_page_is_of_an_alert_and_listed() -> None:
    assert {page.stem for page in (DOCS / "runbooks").glob("*.md")} == set(BY_NAME)
    listed = re.findall(r"\(runbooks/(\w+)\.md\) \| (\w+) ", (DOCS / "operations.md").read_text())
    assert listed == [(name, BY_NAME[name]["labels"]["severity"]) for name in BY_NAME]


def test_the_queries_of_the_pages_can_be_asked(shown: set[str]) -> None:
    for page in (DOCS / "runbooks").glob("*.md"):
        for block in re.findall(r"```promql\n(.*?)```", page.read_text(), re.DOTALL):
            for line in block.splitlines():
                assert metrics(line) <= shown, page.name


def test_nothing_of_it_is_there_unless_asked_for(control_plane: ControlPlane) -> None:
    kinds = {body["kind"] for body in rendered(control_plane)}
    assert not kinds & {"PodMonitor", "PrometheusRule", "ConfigMap", "NetworkPolicy"}


def test_prometheus_finds_the_pod_and_keeps_its_labels(control_plane: ControlPlane) -> None:
    bodies = rendered(control_plane, *_OPTIONS)
    monitor, deployment = one(bodies, "PodMonitor"), one(bodies, "Deployment")
    assert monitor["metadata"]["labels"]["release"] == "prometheus"
    assert monitor["spec"]["selector"] == deployment["spec"]["selector"]
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert endpoint["port"] in {port["name"] for port in container["ports"]}
    assert endpoint["honorLabels"] is True


def test_every_alert_leads_to_its_page(control_plane: ControlPlane) -> None:
    rule = one(rendered(control_plane, *_OPTIONS), "PrometheusRule")
    (group,) = rule["spec"]["groups"]
    assert [alert["alert"] for alert in group["rules"]] == list(BY_NAME)
    for alert in group["rules"]:
        page = alert["annotations"].pop("runbook_url")
        assert page == f"https://git.example.com/docs/runbooks/{alert['alert']}.md"
        assert alert == BY_NAME[alert["alert"]]


def test_without_an_address_no_alert_leads_nowhere(control_plane: ControlPlane) -> None:
    rule = one(rendered(control_plane, "--set", ENABLED[1]), "PrometheusRule")
    assert rule["spec"]["groups"][0]["rules"] == ALERTS


def test_grafanas_sidecar_finds_the_dashboard(control_plane: ControlPlane) -> None:
    config = one(rendered(control_plane, *_OPTIONS), "ConfigMap")
    assert config["metadata"]["labels"]["grafana_dashboard"] == "1"
    ((name, text),) = config["data"].items()
    assert name.endswith(".json")
    assert json.loads(text) == DASHBOARD


def test_the_panels_of_the_dashboard_fill_its_width_and_have_names() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    taken: dict[int, int] = {}
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        taken[place["y"]] = taken.get(place["y"], 0) + place["w"]
    assert all(20 <= width <= 24 for width in taken.values())
    sources = {panel["datasource"]["uid"] for panel in DASHBOARD["panels"] if "targets" in panel}
    assert sources == {"${datasource}"}


def test_traces_go_where_the_values_say(
    control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, extra = "http://collector.monitoring.svc:4318", "extraEnv[0].name=OTEL_TRACES_SAMPLER"
    options = f"tracing.endpoint={url},{extra},extraEnv[0].value=always_off"
    for text, is_asked in (("", False), (options, True)):
        pod = one(rendered(control_plane, "--set", text), "Deployment")["spec"]["template"]
        given = {v["name"]: v.get("value", "") for v in pod["spec"]["containers"][0]["env"]}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        assert OpenTelemetry().is_asked is is_asked
        assert given.get("OTEL_TRACES_SAMPLER") == ("always_off" if is_asked else None)


POLICIES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "as it comes": ((), {"ingress": [{"ports": [{"port": "http"}]}], "policyTypes": ["Ingress"]}),
    "without webhooks": (
        ("http.enabled=false",),
        {"ingress": [], "policyTypes": ["Ingress"]},
    ),
    "for Prometheus": (
        ("networkPolicy.operationsFrom[0].podSelector.matchLabels.app=prometheus",),
        {
            "ingress": [
                {"ports": [{"port": "http"}]},
                {
                    "ports": [{"port": "operations"}],
                    "from": [{"podSelector": {"matchLabels": {"app": "prometheus"}}}],
                },
            ],
            "policyTypes": ["Ingress"],
        },
    ),
    "closed both ways": (
        (
            "networkPolicy.httpFrom[0].ipBlock.cidr=10.0.0.0/8",
            "networkPolicy.egress[0].ports[0].port=443",
        ),
        {
            "ingress": [
                {"ports": [{"port": "http"}], "from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}
            ],
            "policyTypes": ["Ingress", "Egress"],
            "egress": [
                {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]},
                {"ports": [{"port": 443}]},
            ],
        },
    ),
}


@pytest.mark.parametrize(("options", "spec"), POLICIES.values(), ids=POLICIES)
def test_a_network_policy_says_who_may_come_and_where_to_go(
    control_plane: ControlPlane, options: tuple[str, ...], spec: Body
) -> None:
    bodies = rendered(control_plane, "--set", ",".join(["networkPolicy.enabled=true", *options]))
    policy = one(bodies, "NetworkPolicy")
    selector = policy["spec"].pop("podSelector")
    assert selector == one(bodies, "Deployment")["spec"]["selector"]
    assert policy["spec"] == spec
    again = {**policy, "spec": {**spec, "podSelector": selector}}
    created = control_plane.kubectl(
        *("create", "--dry-run=server", "-n", SYSTEM, "-f", "-"), input=json.dumps(again)
    )
    assert "networkpolicy" in created


def test_monitoring_needs_the_kinds_of_the_operator(control_plane: ControlPlane) -> None:
    with pytest.raises(CommandError, match="PodMonitor"):
        control_plane.helm(
            *("install", "second", str(CHART), "--namespace", SYSTEM, "--dry-run=server"),
            *("--set", "crds.install=false", *_OPTIONS),
        )
