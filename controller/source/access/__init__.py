"""All that opens a repository, as values that never show themselves. Pure; imports `errors`.

An `Access` is how to log in, whom to trust and which way to go. It is made from Secrets here, and
turned into processes and requests elsewhere in `source`.
"""

from controller.source.access.access import OPEN, Access, Login
from controller.source.access.github_app import GitHubApp
from controller.source.access.http_login import HttpLogin
from controller.source.access.proxy import Proxy
from controller.source.access.secret import access_from
from controller.source.access.ssh_key import SshKey
from controller.source.access.tls import Tls
from controller.source.access.values import unusable

__all__ = [
    "OPEN",
    "Access",
    "GitHubApp",
    "HttpLogin",
    "Login",
    "Proxy",
    "SshKey",
    "Tls",
    "access_from",
    "unusable",
]
