"""Only what a trusted key signed is applied, from the Secret to the rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hack.packrepo import pack
from tests.e2e.site import Site
from tests.signing.signers import Person, by_openpgp, by_ssh, sign

GOOD = ("True", "Succeeded")
REFUSED = ("False", "VerificationFailed")
STALE = {
    "Ready": REFUSED,
    "Stalled": ("True", "VerificationFailed"),
    "Fetched": GOOD,
    "Verified": REFUSED,
    "Validated": GOOD,
    "Synced": GOOD,
    "DriftFree": GOOD,
}


def verified_by(secret: str) -> dict[str, Any]:
    return {"verify": {"secretRef": {"name": secret}}}


def trust(site: Site, secret: str, *people: Person) -> None:
    keys = {name: text.decode() for one in people for name, text in one.trusted.items()}
    site.secret(secret, **keys)


@pytest.mark.parametrize("make", [by_openpgp, by_ssh], ids=["openpgp", "ssh"])
def test_a_signed_commit_is_applied_and_an_unsigned_one_is_not(
    site: Site, ref: str, tmp_path: Path, make: Callable[[Path], Person]
) -> None:
    jane, repo = make(tmp_path), site.repo(ref)
    repo.commit(pack(ref, workflows=1), branch="work")
    first = sign(repo, jane)
    followed = site.follow(ref, git=verified_by(ref))
    missing = followed.wait("Verified", "False", "SecretNotFound")
    assert f"There is no Secret {ref} in the namespace {site.namespace}." in missing.message()
    assert site.everything(ref) == (None, {}, {})

    trust(site, ref, jane)
    report = followed.reconcile()
    good = dict.fromkeys(("Ready", "Fetched", "Verified", "Validated", "Synced", "DriftFree"), GOOD)
    assert report.summary() == good
    assert report.message("Verified").startswith(f"main@{first[:8]} is signed by ")
    assert "jane@example.com" in report.message("Verified")
    rows = site.everything(ref)
    assert len(rows[1]) == 1

    second = repo.commit(pack(ref, workflows=2))
    report = followed.reconcile()
    assert report.summary() == STALE
    assert report.message().startswith(f"The commit {second[:8]} is not signed. ")
    assert report.status.last_attempted_revision == f"main@sha1:{second}"
    assert report.status.last_applied_revision == f"main@sha1:{first}"
    assert site.everything(ref) == rows

    repo.commit(pack(ref, workflows=2), branch="work")
    sign(repo, jane)
    assert followed.reconcile().summary() == good
    assert len(site.definitions(ref)) == 2


def test_what_is_applied_is_checked_anew_when_the_keys_or_the_spec_change(
    site: Site, ref: str, tmp_path: Path
) -> None:
    jane, bob, repo = by_ssh(tmp_path), by_openpgp(tmp_path), site.repo(ref)
    repo.commit(pack(ref, workflows=1), branch="work")
    commit = sign(repo, jane)
    followed = site.follow(ref)
    applied = followed.wait().summary()
    assert "Verified" not in applied
    rows = site.everything(ref)

    trust(site, ref, bob)
    site.follow(ref, git=verified_by(ref))
    refused = followed.wait("Verified", "False", "VerificationFailed")
    assert refused.summary() == STALE
    assert "which is not trusted" in refused.message("Verified")

    trust(site, ref, bob, jane)
    assert followed.reconcile().summary()["Verified"] == GOOD

    trust(site, ref, bob)
    assert followed.reconcile().summary() == STALE

    site.follow(ref)
    without = followed.wait_until(
        lambda seen: seen.is_current and seen.condition("Verified") is None
    )
    assert without.summary() == applied
    assert without.status.last_applied_revision == f"main@sha1:{commit}"
    assert site.everything(ref) == rows
