"""Errors as they are said to one who has a command line and no Pack. Pure."""

from __future__ import annotations

import re

from controller.errors import PackError, Stalled

_FIELDS = (
    (re.compile(r"spec\.git\.ref\.(branch|tag|semver|name|commit)\b"), r"--\1"),
    (re.compile(r"spec\.git\.ref\b"), "--branch, --tag, --semver, --name or --commit"),
    (re.compile(r"spec\.git\.path\b"), "--path"),
    (re.compile(r"spec\.git\.url\b"), "the URL"),
    (re.compile(r"spec\.allowEmpty to true"), "--allow-empty"),
    (re.compile(r",? or raise spec\.timeout\b"), ""),
    (re.compile(r"`?githubApp(?:Client)?ID`?"), "--github-app-id"),
    (
        re.compile(r"(?:either )?githubAppInstallationID or githubAppInstallationOwner"),
        "--github-app-installation",
    ),
    (
        re.compile(r", or give githubAppInstallationOwner instead"),
        ", or name the organization or user instead",
    ),
    (re.compile(r"`?githubAppInstallation(?:ID|Owner)`?"), "--github-app-installation"),
    (re.compile(r"`?githubAppPrivateKey`?"), "--github-app-key"),
    (re.compile(r"`?githubAppBaseURL`?"), "--github-api-url"),
    (re.compile(r"The Secret for the repository"), "What is to open the repository"),
)
# What a Secret holds, by what a hint says of it; the first that is found counts.
_SECRETS = (
    ("proxySecretRef", "--proxy"),
    ("exactly one login", "--password-file, --token-file, --ssh-key or --github-app-id"),
    ("githubAppPrivateKey", "--github-app-key"),
    ("githubAppBaseURL", "--github-api-url"),
    ("githubAppInstallation", "--github-app-installation"),
    ("githubAppID", "--github-app-id"),
    ("known_hosts", "--known-hosts"),
    ("ca.crt", "--ca-file"),
    ("tls.crt", "--client-cert and --client-key"),
    ("identity", "--ssh-key"),
    ("spec.git.secretRef", "--password-file, --token-file, --ssh-key or --github-app-id"),
)


def typed(text: str) -> str:
    """`text` for the command line; where it speaks of a Secret, the option is added."""
    options = (option for name, option in _SECRETS if name in text)
    option = next(options, None) if "ecretRef" in text else None
    for field, name in _FIELDS:
        text = field.sub(name, text)
    return f"{text} On the command line: {option}." if option else text


def unretried(error: PackError) -> PackError:
    """`error` without a hint that it is tried again: a command that ends does not."""
    if isinstance(error, Stalled) or "again" not in error.hint:
        return error
    return type(error)(error.reason, error.message)
