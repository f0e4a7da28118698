"""The steps of a case, over HTTP, ssh or from the disk. Imports this package and `source`."""

from __future__ import annotations

from controller.doctor import answer, contents, shell, way, words
from controller.doctor.answer import Answered
from controller.doctor.case import Case, Keys
from controller.doctor.examination import Probe
from controller.doctor.finding import Noted, Skipped, Step
from controller.doctor.shell import Heard
from controller.pack.tree import Revision
from controller.source.network import Route
from controller.source.remote import Remote
from controller.source.urls import RemoteUrl, Scheme, parse_url

_NEVER_LEFT = Skipped("none: a folder of this machine")


class Steps:
    """The steps of `case`; each takes what those before it found, so they are done in order.

    `revision` is what was fetched, None until then.
    """

    def __init__(self, case: Case) -> None:
        self.revision: Revision | None = None
        self._case = case
        self._url: RemoteUrl
        self._keys: Keys
        self._remote: Remote
        self._route: Route
        self._answered = Answered(0)
        self._heard: Heard

    def probes(self) -> tuple[tuple[Step, Probe], ...]:
        """Each step with what does it."""
        return (
            (Step.URL, self._parse),
            (Step.SECRET, self._open),
            (Step.NETWORK, lambda: self._reached(lambda: way.allowed(self._remote))),
            (Step.DNS, lambda: self._reached(self._look_up)),
            (Step.CONNECT, lambda: self._reached(self._connect)),
            (Step.PROXY, lambda: self._reached(self._go_through_proxy)),
            (Step.TLS, lambda: self._reached(self._secure)),
            (Step.ANSWER, lambda: self._reached(self._ask)),
            (Step.LOGIN, lambda: self._reached(self._log_in)),
            (Step.REFERENCE, lambda: contents.refers(self._case, self._remote)),
            (Step.FETCH, self._fetch),
            (Step.PATH, lambda: contents.lists(self._case, self._remote)),
            (Step.SIGNATURE, self._verify),
        )

    def _reached(self, probe: Probe) -> Noted | Skipped:
        return _NEVER_LEFT if self._url.scheme is Scheme.FILE else probe()

    def _parse(self) -> Noted:
        self._url = parse_url(self._case.url, self._case.mirrors.allowed)
        port = f", port {self._url.port}" if self._url.port else ""
        host = f", host {self._url.host}{port}" if self._url.host else ""
        facts = {"scheme": self._url.scheme.value, "host": self._url.host, "port": self._url.port}
        return Noted(f"{self._url.scheme}{host}, path {self._url.path}", facts)

    def _open(self) -> Noted | Skipped:
        self._keys = self._case.keys()
        access = self._keys.access
        self._remote = self._case.mirrors.repository(self._url, access).remote
        shown = words.of_access(access)
        return Noted(f"{self._keys.origin}: {shown}") if shown else Skipped("none")

    def _look_up(self) -> Noted:
        self._route, noted = way.looked_up(self._remote, self._case.deadline)
        return noted

    def _connect(self) -> Noted:
        return way.connects(self._remote, self._route, self._case.deadline)

    def _go_through_proxy(self) -> Noted | Skipped:
        return way.proxied(self._remote, self._route, self._case.deadline)

    def _secure(self) -> Noted | Skipped:
        return way.secure(self._remote, self._route, self._case.deadline)

    def _ask(self) -> Noted:
        if self._url.scheme is Scheme.SSH:
            self._heard = shell.listen(self._remote, self._case.deadline)
            return self._heard.noted()
        self._answered = answer.ask(self._remote, self._case.deadline)
        return self._answered.noted()

    def _log_in(self) -> Noted | Skipped:
        if self._url.scheme is Scheme.SSH:
            return self._heard.logged_in(self._url.user)
        login = self._remote.access.login
        if login is None and self._answered.is_open:
            return Skipped("none, and none is needed")
        is_open = self._answered.is_open
        self._answered = answer.log_in(self._remote, self._case.deadline)
        assert login  # noqa: S101  # without one, a server that is closed has just raised
        scopes = self._answered.scopes
        told = [
            f"as {words.of_login(login)}",
            f"with the scopes {scopes}" if scopes else "",
            "which is not needed: everybody may read it" if is_open else "",
        ]
        detail = ", ".join(part for part in told if part)
        return Noted(detail, {"needed": not is_open, "scopes": scopes or None})

    def _fetch(self) -> Noted:
        features = self._answered.features
        tree, noted = contents.fetches(self._case, self._remote, features)
        self.revision = tree.revision
        return noted

    def _verify(self) -> Noted | Skipped:
        return contents.verifies(self._case, self._remote, self._keys.policy)
