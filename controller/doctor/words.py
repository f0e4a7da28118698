"""What opens a repository, in words that give nothing of it away. Pure; imports `access`."""

from __future__ import annotations

from controller.source.access import Access, GitHubApp, HttpLogin, Login, SshKey


def of_access(access: Access) -> str:
    """All of it."""
    parts = [
        of_login(access.login) if access.login else "",
        "an own authority" if access.tls and access.tls.ca else "",
        "a client certificate" if access.tls and access.tls.certificate else "",
        f"the proxy {access.proxy.address}" if access.proxy else "",
    ]
    return ", ".join(part for part in parts if part)


def of_login(login: Login) -> str:
    """Who logs in with what."""
    match login:
        case HttpLogin(bearer_token=token) if token:
            return "a bearer token"
        case HttpLogin(username=name, password=password):
            # A user name that stands alone is a token.
            return f"the user {name} with a password" if name and password else "a token"
        case GitHubApp(app_id=app, installation_id=number, owner=owner):
            return f"the GitHub App {app}, installation {number or 'in ' + owner}"
        case SshKey():
            return "an ssh key"
