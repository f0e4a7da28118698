"""Hosts of repositories on the loopback interface, each with as much of its documented API as shows
the state of a commit: it checks the login, the path and the body, and keeps what it was told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Json = Any


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Json


@dataclass(frozen=True, slots=True)
class Says:
    """An answer."""

    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)


Answers = Callable[[Call], Says | None]
"""What is answered; None: nothing, the connection is cut."""


class Host:
    """A context: a server at `url`, which does as `answers` says."""

    def __init__(self, answers: Answers) -> None:
        self.calls: list[Call] = []
        self.answers = answers
        self.held = threading.Event()
        self.held.set()
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                call = Call(
                    self.command, parts.path, query, headers, json.loads(raw) if raw else None
                )
                host.calls.append(call)
                host.held.wait()
                said = host.answers(call)
                if said is None:
                    self.close_connection = True
                    return
                data = b"" if said.body is None else json.dumps(said.body).encode()
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_PATCH = do_PUT = do_DELETE = do_POST  # noqa: N815 - named by http.server

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that went away is no news."""

        self._http = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        serve = {"poll_interval": 0.02}
        threading.Thread(target=self._http.serve_forever, kwargs=serve, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.held.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def asked(self) -> list[str]:
        """Methods and paths, in order."""
        return [f"{one.method} {one.path}" for one in self.calls]


COMMIT = "1f3a" * 10
OWNER, NAME = "acme", "packs"


def _lacks(body: Json, required: set[str], states: set[str], state: str = "state") -> bool:
    return not required <= body.keys() or body.get(state) not in states


@dataclass
class GitHub:
    """`POST /repos/{owner}/{repo}/statuses/{sha}` and its reading; check runs for an App."""

    token: str = "gh-token"
    base: str = "/api/v3"
    shown: list[dict[str, Json]] = field(default_factory=list)
    runs: list[dict[str, Json]] = field(default_factory=list)

    def __call__(self, call: Call) -> Says:
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return Says(401, {"message": "Bad credentials"})
        repo = f"{self.base}/repos/{OWNER}/{NAME}"
        match call.method, call.path.removeprefix(repo):
            case "GET", path if path == f"/commits/{COMMIT}/status":
                size, page = int(call.query["per_page"]), int(call.query["page"])
                return Says(200, {"statuses": self.shown[(page - 1) * size : page * size]})
            case "POST", path if path == f"/statuses/{COMMIT}":
                states = {"pending", "success", "failure", "error"}
                if _lacks(call.body, {"context"}, states) or len(call.body["description"]) > 140:
                    return Says(422)
                others = [one for one in self.shown if one["context"] != call.body["context"]]
                self.shown = [*others, call.body]
                return Says(201, call.body)
            case "GET", path if path == f"/commits/{COMMIT}/check-runs":
                named = [one for one in self.runs if one["name"] == call.query["check_name"]]
                return Says(200, {"check_runs": named[-1:]})
            case "POST", "/check-runs":
                if call.body["head_sha"] != COMMIT or not self._is_run(call.body):
                    return Says(422)
                self.runs.append({"id": len(self.runs), **call.body})
                return Says(201, self.runs[-1])
            case "PATCH", path if path.startswith("/check-runs/"):
                if not self._is_run(call.body):
                    return Says(422)
                self.runs[int(path.rpartition("/")[2])].update(call.body)
                return Says(200, {})
        return Says(404)

    def _is_run(self, body: Json) -> bool:
        is_done = body["status"] == "completed"
        output = body["output"]
        is_whole: bool = is_done == ("conclusion" in body) and {"title", "summary"} <= output.keys()
        return is_whole


@dataclass
class GitLab:
    """`POST /projects/:id/statuses/:sha`, where id is the path with its slashes quoted."""

    shown: list[dict[str, Json]] = field(default_factory=list)

    def __call__(self, call: Call) -> Says:
        if call.headers.get("authorization") != "Bearer gl-token":
            return Says(401)
        project = f"/api/v4/projects/{OWNER}%2Fteam%2F{NAME}"
        match call.method, call.path:
            case "GET", path if path == f"{project}/repository/commits/{COMMIT}/statuses":
                return Says(200, [one for one in self.shown if one["name"] == call.query["name"]])
            case "POST", path if path == f"{project}/statuses/{COMMIT}":
                states = {"pending", "running", "success", "failed", "canceled"}
                if _lacks(call.body, {"name"}, states):
                    return Says(400)
                if any(one["status"] == call.body["state"] == "pending" for one in self.shown):
                    return Says(400, {"message": "Cannot transition status via :enqueue"})
                self.shown = [{**call.body, "status": call.body["state"]}]
                return Says(201, {})
        return Says(404)


@dataclass
class Gitea:
    """`POST /repos/{owner}/{repo}/statuses/{sha}`; pages are never larger than two."""

    shown: list[dict[str, Json]] = field(default_factory=list)

    def __call__(self, call: Call) -> Says:
        if call.headers.get("authorization") != "token gt-token":
            return Says(401)
        repo = f"/api/v1/repos/{OWNER}/{NAME}"
        match call.method, call.path:
            case "GET", path if path == f"{repo}/commits/{COMMIT}/status":
                newest = list({one["context"]: one for one in self.shown}.values())
                first = (int(call.query["page"]) - 1) * 2
                return Says(200, {"statuses": newest[first : first + 2] or None})
            case "POST", path if path == f"{repo}/statuses/{COMMIT}":
                if _lacks(call.body, {"context"}, {"pending", "success", "failure", "error"}):
                    return Says(422)
                self.shown.append({**call.body, "status": call.body["state"]})
                return Says(201, {})
        return Says(404)


@dataclass
class Reports:
    """Reports by key, each with its annotations; what each must have."""

    required: set[str]
    results: set[str]
    note: set[str]
    kept: dict[str, tuple[Json, list[Json]]] = field(default_factory=dict)

    def answer(self, call: Call, path: str) -> Says:
        """The answer to a request below `/reports/`."""
        key, _, rest = path.partition("/")
        if call.method == "DELETE":
            return Says(204) if self.kept.pop(key, None) else Says(404)
        if call.method == "PUT" and not rest:
            if _lacks(call.body, self.required, self.results, "result"):
                return Says(400)
            self.kept[key] = call.body, []
            return Says(200, {})
        listed = call.body["annotations"] if isinstance(call.body, dict) else call.body
        if (call.method, rest) != ("POST", "annotations") or key not in self.kept:
            return Says(404)
        if not listed or any(one.keys() != self.note for one in listed):
            return Says(400)
        self.kept[key][1].extend(listed)
        return Says(204)


@dataclass
class BitbucketCloud:
    """`POST /repositories/{workspace}/{slug}/commit/{sha}/statuses/build`, and its `/reports`."""

    shown: dict[str, dict[str, Json]] = field(default_factory=dict)
    reports: Reports = field(
        default_factory=lambda: Reports(
            {"title", "details", "report_type", "result"},
            {"PASSED", "FAILED"},
            {"external_id", "annotation_type", "summary", "path", "line", "severity"},
        )
    )

    def __call__(self, call: Call) -> Says:
        if call.headers.get("authorization") != "Bearer bc-token":
            return Says(401)
        commit = f"/2.0/repositories/{OWNER}/{NAME}/commit/{COMMIT}"
        place = f"{commit}/statuses/build"
        if call.path.startswith(f"{commit}/reports/"):
            return self.reports.answer(call, call.path.removeprefix(f"{commit}/reports/"))
        if call.method == "POST" and call.path == place:
            return _keep(self.shown, call.body, longest=40, status=201)
        if call.method == "GET" and call.path.startswith(f"{place}/"):
            found = self.shown.get(call.path.rpartition("/")[2])
            return Says(200, found) if found else Says(404, {"type": "error"})
        return Says(404)


@dataclass
class BitbucketDataCenter:
    """`POST /rest/api/latest/projects/{key}/repos/{slug}/commits/{sha}/builds`, and Code Insights'
    reports."""

    shown: dict[str, dict[str, Json]] = field(default_factory=dict)
    reports: Reports = field(
        default_factory=lambda: Reports(
            {"title"}, {"PASS", "FAIL"}, {"path", "line", "message", "severity", "type"}
        )
    )

    def __call__(self, call: Call) -> Says:
        if call.headers.get("authorization") != "Bearer dc-token":
            return Says(401)
        commit = f"projects/{OWNER}/repos/{NAME}/commits/{COMMIT}"
        insights = f"/rest/insights/latest/{commit}/reports/"
        if call.path.startswith(insights):
            return self.reports.answer(call, call.path.removeprefix(insights))
        if call.path != f"/rest/api/latest/{commit}/builds":
            return Says(404)
        if call.method == "POST":
            return _keep(self.shown, call.body, longest=255, status=204)
        found = self.shown.get(call.query["key"])
        return Says(200, found) if found else Says(404, {"errors": []})


def _keep(shown: dict[str, Json], body: Json, *, longest: int, status: int) -> Says:
    states = {"INPROGRESS", "SUCCESSFUL", "FAILED"}
    if _lacks(body, {"key", "url"}, states) or len(body["key"]) > longest or not body["url"]:
        return Says(400)
    shown[body["key"]] = body
    return Says(status, None if status == 204 else body)
