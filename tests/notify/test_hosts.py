"""Each host shows the result of a commit, once, by its own documented API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import urllib3

from controller.notify import Undelivered, deliver, pending
from controller.notify.news import Result
from controller.pack.spec import SecretReference
from hack.githubapi import Asked, GitHubApi, Reply
from tests.notify.host import (
    COMMIT,
    NAME,
    OWNER,
    BitbucketCloud,
    BitbucketDataCenter,
    Gitea,
    GitHub,
    GitLab,
    Host,
    Says,
)
from tests.notify.told import APPLIED, PAGE, REFUSED, commit_letter, network, outcome

CONTEXT = "attune/team-a/payments"
PENDING = pending(COMMIT)
GOOD = outcome(APPLIED)
BAD = outcome(REFUSED)


def _tell(url: str, told: Result, values: dict[str, str], provider: str) -> None:
    data = {key: value.encode() for key, value in values.items()}

    def secrets(named: SecretReference) -> dict[str, bytes]:
        assert named.name == "host"
        return data

    deliver(commit_letter(url, told, provider=provider), secrets, network())


def _shown(api: Any) -> list[tuple[str, str, str]]:
    """Of each status: how it is, what it says, where it leads."""
    shown = api.shown.values() if isinstance(api.shown, dict) else api.shown[-1:]
    links = ("target_url", "url")
    return [
        (one["state"], one["description"], next(one[name] for name in links if name in one))
        for one in shown
    ]


HOSTS = {
    "GitHub": (GitHub, f"{OWNER}/{NAME}.git", "gh-token", ("pending", "success", "failure")),
    "GitLab": (GitLab, f"{OWNER}/team/{NAME}.git", "gl-token", ("pending", "success", "failed")),
    "Gitea": (Gitea, f"{OWNER}/{NAME}", "gt-token", ("pending", "success", "failure")),
    "BitbucketCloud": (
        BitbucketCloud,
        f"{OWNER}/{NAME}.git",
        "bc-token",
        ("INPROGRESS", "SUCCESSFUL", "FAILED"),
    ),
    "BitbucketDataCenter": (
        BitbucketDataCenter,
        f"scm/{OWNER}/{NAME}.git",
        "dc-token",
        ("INPROGRESS", "SUCCESSFUL", "FAILED"),
    ),
}


@pytest.mark.parametrize("provider", HOSTS)
def test_a_host_shows_each_state_and_is_not_told_twice(provider: str) -> None:
    api, path, token, words = HOSTS[provider]
    answers = api()
    with Host(answers) as host:
        for told, word in zip((PENDING, GOOD, BAD), words, strict=True):
            _tell(f"{host.url}/{path}", told, {"token": token}, provider)
            assert _shown(answers) == [(word, told.text, PAGE)]
            before = host.asked.count(host.asked[-1])
            _tell(f"{host.url}/{path}", told, {"token": token}, provider)
            assert host.calls[-1].method == "GET"
            assert host.asked.count(host.asked[-2]) == before
        writes = [one for one in host.calls if one.method == "POST" and "report" not in one.path]
        assert len(writes) == 3


@pytest.mark.parametrize("provider", HOSTS)
def test_a_wrong_token_is_told_and_not_shown(provider: str) -> None:
    api, path, _, _ = HOSTS[provider]
    with Host(api()) as host, pytest.raises(Undelivered) as told:
        _tell(f"{host.url}/{path}", GOOD, {"token": "hunter2-secret"}, provider)
    assert not told.value.passes
    assert "HTTP 401" in str(told.value)
    assert "hunter2" not in str(told.value)


def test_a_name_and_password_open_a_host_too() -> None:
    with Host(lambda _: Says(200, {})) as host:
        values = {"username": "bob", "password": "pass"}
        _tell(f"{host.url}/{OWNER}/{NAME}", GOOD, values, "BitbucketCloud")
    assert {one.headers["authorization"] for one in host.calls} == {"Basic Ym9iOnBhc3M="}


@pytest.mark.parametrize("provider", ["GitHub", "Gitea"])
def test_a_status_on_a_later_page_is_found(provider: str) -> None:
    api, path, token, _ = HOSTS[provider]
    answers = api()
    with Host(answers) as host:
        _tell(f"{host.url}/{path}", GOOD, {"token": token}, provider)
        ours = answers.shown[-1]
        crowd = [{"context": f"ci/{n}", "state": "success", "description": ""} for n in range(120)]
        answers.shown = [*crowd, ours] if provider == "GitHub" else [ours, *crowd[:5]]
        _tell(f"{host.url}/{path}", GOOD, {"token": token}, provider)
    assert sum(one.method == "POST" for one in host.calls) == 1


def test_gitlab_is_not_asked_to_begin_what_has_begun() -> None:
    answers = GitLab()
    with Host(answers) as host:
        url = f"{host.url}/{OWNER}/team/{NAME}"
        _tell(url, PENDING, {"token": "gl-token"}, "GitLab")
        _tell(url, replace(PENDING, text="Waits for approval."), {"token": "gl-token"}, "GitLab")
    assert sum(one.method == "POST" for one in host.calls) == 1


@pytest.mark.parametrize("provider", ["BitbucketCloud", "BitbucketDataCenter"])
def test_bitbucket_has_a_report_with_the_problems_at_their_lines(provider: str) -> None:
    api, path, token, _ = HOSTS[provider]
    answers = api()
    with Host(answers) as host:
        for told in PENDING, BAD:
            _tell(f"{host.url}/{path}", told, {"token": token}, provider)
        ((report, notes),) = answers.reports.kept.values()
        assert report["result"] in {"FAIL", "FAILED"}
        assert [one["value"] for one in report["data"]] == [1, 1]
        assert [(one["path"], one["line"], one["severity"]) for one in notes] == [
            ("teams/payments/workflows/deploy.yaml", 12, "HIGH"),
            ("teams/payments/workflows/deploy.yaml", 3, "MEDIUM"),
        ]
        texts = [one.get("message") or one["summary"] for one in notes]
        assert texts[0] == "ATT301 There is no task 'ship'. Write 'build'."
        _tell(f"{host.url}/{path}", GOOD, {"token": token}, provider)
        ((report, notes),) = answers.reports.kept.values()
        assert report["result"] in {"PASS", "PASSED"}
        assert not notes


@pytest.fixture
def app() -> Iterator[tuple[GitHubApi, Host, GitHub]]:
    """GitHub with an App: one server gives its tokens, and hands all else to the other."""
    checks = GitHub()

    def issue(token: str) -> None:
        checks.token = token

    with GitHubApi(issue, permissions={"checks": "write"}) as tokens, Host(checks) as host:
        tokens.beside = lambda asked: checks_of(host, asked)
        yield tokens, host, checks


def checks_of(host: Host, asked: Asked) -> Reply:
    """What the other server says."""
    headers = {name: asked.headers[name] for name in ("authorization", "accept")}
    answer = urllib3.request(
        asked.method, host.url + asked.path, body=asked.body, headers=headers, retries=False
    )
    return Reply(answer.status, answer.data)


def test_an_app_shows_problems_at_their_lines(app: tuple[GitHubApi, Host, GitHub]) -> None:
    tokens, host, checks = app
    url = f"{tokens.url.removesuffix('/api/v3')}/{OWNER}/{NAME}.git"
    _tell(url, PENDING, tokens.secret, "GitHub")
    _tell(url, BAD, tokens.secret, "GitHub")
    _tell(url, BAD, tokens.secret, "GitHub")
    assert [one.method for one in host.calls] == ["GET", "POST", "GET", "PATCH", "GET"]
    (run,) = checks.runs
    assert (run["name"], run["head_sha"], run["status"], run["conclusion"]) == (
        CONTEXT,
        COMMIT,
        "completed",
        "failure",
    )
    assert run["details_url"] == PAGE
    assert run["output"]["summary"] == "1 error, 1 warning."
    assert run["output"]["annotations"] == [
        {
            "path": "teams/payments/workflows/deploy.yaml",
            "start_line": 12,
            "end_line": 12,
            "start_column": 5,
            "end_column": 8,
            "annotation_level": "failure",
            "title": "ATT301",
            "message": "There is no task 'ship'. Write 'build'.",
        },
        {
            "path": "teams/payments/workflows/deploy.yaml",
            "start_line": 3,
            "end_line": 4,
            "annotation_level": "warning",
            "title": "ATT401",
            "message": "There is no task 'ship'.",
        },
    ]
    assert len(tokens.tokens) == 1
    _tell(url, GOOD, tokens.secret, "GitHub")
    assert [one["conclusion"] for one in checks.runs] == ["failure", "success"]
