"""How to reach the API server: a service account's mounted token, or a kubeconfig.

Imports the Kubernetes client's configuration, kopf's form of the same, and `redact`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import kopf
from kubernetes import client, config

from controller.redact import brief

_BEARER = "BearerToken"
"""What the client calls the header `Authorization`."""

_DEFAULT = "default"
_MOUNTED = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")


class NoAccess(Exception):
    """Neither a service account nor a usable kubeconfig says where the API server is."""


def load_config(kubeconfig: str | None) -> client.Configuration:
    """The access that `kubeconfig` describes; without one the Pod's, else the user's own.

    Tokens are read again when they expire. Raises `NoAccess`.
    """
    found = client.Configuration()
    try:
        if kubeconfig is None and os.environ.get("KUBERNETES_SERVICE_HOST"):
            config.load_incluster_config(found)
        else:
            config.load_kube_config(kubeconfig, client_configuration=found, persist_config=False)
    except Exception as error:
        # Whatever YAML and dictionaries raise comes through, and may quote the file's secrets.
        known = isinstance(error, config.ConfigException | OSError)
        where = f"the kubeconfig {kubeconfig}" if kubeconfig else "the usual kubeconfig"
        raise NoAccess(
            f"The Kubernetes API server cannot be found through {where}: "
            f"{brief(str(error)).rstrip('.') if known else type(error).__name__}. "
            "Run in a Pod with a service account, or name a kubeconfig that kubectl can use."
        ) from error
    # Our own retries know when they may repeat a request, and how often.
    found.retries = False
    return found


def current_namespace(kubeconfig: str | None) -> str:
    """The namespace that kubectl would take when none is named; `load_config` has worked."""
    if kubeconfig is None and os.environ.get("KUBERNETES_SERVICE_HOST"):
        with suppress(OSError):
            return _MOUNTED.read_text().strip()
        return _DEFAULT
    _, current = config.list_kube_config_contexts(kubeconfig)
    return str(current["context"].get("namespace") or _DEFAULT)


def connection_info(access: client.Configuration) -> kopf.ConnectionInfo:
    """The same access as kopf takes it, with the token of this moment."""
    scheme, _, token = (access.get_api_key_with_prefix(_BEARER) or "").strip().partition(" ")
    has_password = bool(access.username and access.password)
    return kopf.ConnectionInfo(
        server=access.host,
        ca_path=access.ssl_ca_cert,
        ca_data=None if access.ssl_ca_cert else access.ca_cert_data,
        insecure=not access.verify_ssl,
        certificate_path=access.cert_file,
        private_key_path=access.key_file,
        username=access.username if has_password else None,
        password=access.password if has_password else None,
        scheme=scheme if token else None,
        token=token or None,
        proxy_url=access.proxy,
    )
