"""Private repositories at the command line: what opens them, and what is said when it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from controller.cli.hints import typed
from controller.cli.login import Login
from controller.config import GitSecrets
from hack.authority import Authority, ServerTls
from hack.githubapi import APP, OWNER, GitHubApi, app_key, pem
from hack.gitserver import Basic, Bearer, GitServer
from hack.packrepo import PackRepo, pack
from hack.proxyserver import ProxyServer
from hack.sshserver import SshServer, key_pair
from tests.cli.conftest import Packctl, write
from tests.e2e import rows

NAME = "packs.git"
SECRET = "correct-horse-battery"
GOOD = "✓ No problems in 2 files.\n"


@dataclass(frozen=True, slots=True)
class Site:
    """A server over TLS with a repository at `url`, and the files with which one opens it."""

    server: GitServer
    url: str
    folder: Path
    authority: Authority

    def put(self, name: str, content: str) -> str:
        """Make a file; its name."""
        write(self.folder, {name: content})
        return str(self.folder / name)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without anything, and a cache of this test's own."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PACKCTL_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "home"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    PackRepo(tmp_path / "served" / NAME).commit(pack("demo", 1))
    authority = Authority()
    tls = ServerTls(authority.issue(), authority.certificate)
    client = authority.issue("me@example.com")
    with GitServer(tmp_path / "served", tls) as server:
        made = Site(server, server.url(NAME), tmp_path / "login", authority)
        made.put("ca.crt", authority.certificate)
        made.put("me.crt", client.certificate)
        made.put("me.key", client.key)
        yield made


def trust(site: Site) -> tuple[str, ...]:
    """The options for a server that wants a client's certificate."""
    names = {"--ca-file": "ca.crt", "--client-cert": "me.crt", "--client-key": "me.key"}
    return tuple(one for option, name in names.items() for one in (option, f"{site.folder}/{name}"))


def test_a_password_from_a_file_opens_for_validate_and_sync(
    packctl: Packctl, site: Site, database: str
) -> None:
    site.server.protect(NAME, Basic("robot", SECRET))
    login = (*trust(site), "--username", "robot", "--password-file", site.put("p", f"{SECRET}\n"))
    assert packctl("validate", site.url, *login).stdout.endswith(GOOD)
    done = packctl("sync", site.url, *login, "--database", database)
    assert (done.exit_code, list(rows.definitions(database, "demo"))) == (0, ["demo.workflow_001"])


def test_a_password_from_the_environment_opens_for_git(
    packctl: Packctl, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.server.protect(NAME, Basic("git", SECRET))
    monkeypatch.setenv("PACKCTL_GIT_PASSWORD", SECRET)
    assert packctl("validate", site.url, *trust(site)).stdout == GOOD


def test_a_token_opens_and_what_is_typed_wins(
    packctl: Packctl, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.server.protect(NAME, Bearer(SECRET))
    monkeypatch.setenv("PACKCTL_GIT_TOKEN", SECRET)
    assert packctl("validate", site.url, *trust(site)).stdout == GOOD
    monkeypatch.setenv("PACKCTL_GIT_TOKEN", "another")
    monkeypatch.setenv("PACKCTL_GIT_PASSWORD", "another")
    options = (*trust(site), "--token-file", site.put("token", f"{SECRET}\n"))
    assert packctl("validate", site.url, *options).stdout == GOOD


def test_what_does_not_open_is_said_and_not_shown(
    packctl: Packctl, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.server.protect(NAME, Basic("git", "the right one"))
    monkeypatch.setenv("PACKCTL_GIT_PASSWORD", SECRET)
    done = packctl("validate", site.url, *trust(site))
    assert done.exit_code == 2
    assert (
        "On the command line: --password-file, --token-file, --ssh-key or --github-app-id."
        in done.stderr
    )
    assert SECRET not in done.output


def test_an_unknown_authority_names_its_option(packctl: Packctl, site: Site) -> None:
    done = packctl("validate", site.url)
    assert done.exit_code == 2
    assert done.stderr.endswith("On the command line: --ca-file.\n")


def test_a_proxy_with_a_login_leads_there(
    packctl: Packctl, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProxyServer(login=("robot", SECRET)) as proxy:
        options = (*trust(site), "--proxy", proxy.address)
        refused = packctl("validate", site.url, *options)
        assert (refused.exit_code, refused.stdout) == (2, "✗ Nothing was checked.\n")
        monkeypatch.setenv("PACKCTL_GIT_PROXY_USERNAME", "robot")
        monkeypatch.setenv("PACKCTL_GIT_PROXY_PASSWORD", SECRET)
        assert packctl("validate", site.url, *options).stdout == GOOD
        assert proxy.asked


def test_a_key_opens_over_ssh_where_the_server_is_known(
    packctl: Packctl, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PackRepo(tmp_path / "served" / NAME).commit(pack("demo", 1))
    key = key_pair(passphrase=SECRET)
    write(tmp_path / "login", {"key": key.private})
    monkeypatch.setenv("PACKCTL_GIT_SSH_PASSPHRASE", SECRET)
    with SshServer(tmp_path / "served") as server:
        server.allow(key.public)
        typed = ("validate", server.url(NAME), "--ssh-key", str(tmp_path / "login/key"))
        unknown = packctl(*typed)
        assert unknown.exit_code == 2
        assert "On the command line: --known-hosts." in unknown.stderr
        assert server.connections == 0
        write(home / ".ssh", {"known_hosts": server.known_hosts})
        assert packctl(*typed).stdout == GOOD
        (home / ".ssh/known_hosts").rename(tmp_path / "login/hosts")
        assert packctl(*typed, "--known-hosts", str(tmp_path / "login/hosts")).stdout == GOOD


@pytest.fixture
def api(site: Site) -> Iterator[GitHubApi]:
    """GitHub's API, whose newest token opens the repository."""
    site.put("app.pem", pem(app_key()))
    site.server.protect(NAME, Basic("nobody", "yet"))
    tls = ServerTls(site.authority.issue())
    with GitHubApi(
        lambda token: site.server.protect(NAME, Basic("x-access-token", token)), tls
    ) as api:
        yield api


@pytest.mark.parametrize("by_name", [True, False], ids=["organization", "number"])
def test_a_github_app_opens_and_wins_over_the_environment(
    packctl: Packctl, site: Site, api: GitHubApi, monkeypatch: pytest.MonkeyPatch, *, by_name: bool
) -> None:
    monkeypatch.setenv("PACKCTL_GIT_PASSWORD", SECRET)
    monkeypatch.setenv("PACKCTL_GIT_TOKEN", SECRET)
    place = OWNER if by_name else api.installation
    done = packctl("validate", site.url, *trust(site), *app(site, api, installation=place))
    assert (done.stdout, len(api.tokens)) == (GOOD, 1)
    examined = packctl("doctor", "git", site.url, *trust(site), *app(site, api, installation=place))
    assert f"the GitHub App {APP}" in examined.stdout
    assert examined.exit_code == 0


def test_an_app_that_is_not_installed_there_is_told_with_its_option(
    packctl: Packctl, site: Site, api: GitHubApi
) -> None:
    done = packctl("validate", site.url, *trust(site), *app(site, api, installation="999"))
    assert done.exit_code == 2
    assert "Install the App again and correct --github-app-installation (it ends " in done.stderr
    assert "githubApp" not in done.stderr


def app(site: Site, api: GitHubApi, *, installation: str) -> tuple[str, ...]:
    """The options for the App of `api`, installed at `installation`."""
    place = ("--github-app-installation", installation, "--github-api-url", api.url)
    return ("--github-app-id", APP, "--github-app-key", f"{site.folder}/app.pem", *place)


HTTPS, SSH = "https://127.0.0.1:1/a.git", "git@127.0.0.1:a.git"
CASES = {
    "a folder": ("validate good --token-file pack.yaml", "Only a repository has --token-file: "),
    "a key for https": (f"validate {HTTPS} --ssh-key k", "--ssh-key is for ssh repositories: "),
    "a token for ssh": (f"sync {SSH} --token-file t", "--token-file is for https repositories: "),
    "two hosts": (
        f"validate {HTTPS} https://127.0.0.1:2/a.git --token-file token",
        "A login is for one host, and these are 2: name one.",
    ),
    "a name alone": (f"validate {HTTPS} --username me", "--username needs --password-file, or "),
    "both": (
        f"validate {HTTPS} --token-file token --password-file token",
        "What is to open the repository must hold exactly one login: ",
    ),
    "half a pair": (
        f"validate {HTTPS} --client-cert certificate",
        "On the command line: --client-cert and --client-key.",
    ),
    "no file": (f"validate {HTTPS} --token-file none", "none cannot be read (No such file "),
    "an empty file": (f"validate {HTTPS} --token-file empty", "empty is empty, and should hold "),
    "an App without a key": (
        f"validate {HTTPS} --github-app-id 1 --github-app-installation acme",
        "has no private key in --github-app-key. ",
    ),
    "an App without an id": (
        f"validate {HTTPS} --github-app-key token --github-app-installation acme",
        "On the command line: --github-app-id.",
    ),
    "an App that is nowhere": (
        f"validate {HTTPS} --github-app-id 1 --github-app-key token",
        "must hold --github-app-installation. ",
    ),
    "an App beside a token": (
        f"validate {HTTPS} --github-app-id 1 --github-app-key token --token-file token",
        "must hold exactly one login: ",
    ),
    "an App for ssh": (
        f"sync {SSH} --github-app-id 1",
        "--github-app-id is for https repositories: ",
    ),
    "too large a file": (f"validate {HTTPS} --token-file large", "large is larger than 1,048,576"),
    "no key": (f"validate {SSH} --ssh-key token", "On the command line: --ssh-key."),
    "a login in the proxy": (
        f"validate {HTTPS} --proxy http://me:{SECRET}@127.0.0.1:1",
        "On the command line: --proxy.",
    ),
}


@pytest.mark.parametrize(("line", "said"), CASES.values(), ids=CASES.keys())
def test_what_cannot_be_a_login_is_refused(
    packctl: Packctl, tmp_path: Path, line: str, said: str
) -> None:
    certificate = Authority().certificate
    files = {"token": SECRET, "empty": "\n", "large": "x" * 2**21, "certificate": certificate}
    write(tmp_path, files)
    done = packctl(*line.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert SECRET not in done.stderr


HINTS = {
    "Set spec.git.ref.branch to one.": "Set --branch to one.",
    "Correct spec.git.ref.": "Correct --branch, --tag, --semver, --name or --commit.",
    "Set spec.git.path, or spec.git.url.": "Set --path, or the URL.",
    "Nothing of a Pack.": "Nothing of a Pack.",
}


@pytest.mark.parametrize(("said", "here"), HINTS.items())
def test_hints_name_options_in_place_of_fields(said: str, here: str) -> None:
    assert typed(said) == here


def told(section: str) -> set[str]:
    """What the first column of a table of the page names."""
    page = (Path(__file__).parents[2] / "docs" / "private-repositories.md").read_text()
    table = page.partition(f"## {section}\n")[2].partition("\n## ")[0]
    column = "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| "))
    return set(re.findall(r"`(--[a-z-]+|PACKCTL_[A-Z_]+)", column))


def test_the_page_has_every_option_and_variable() -> None:
    options = {f"--{one.name.replace('_', '-')}" for one in fields(Login)}
    variables = {f"PACKCTL_GIT_{name.upper()}" for name in GitSecrets.model_fields}
    assert (told("Options"), told("Environment")) == (options, variables)
