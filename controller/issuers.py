"""The OpenID Connect issuer that the settings name. May import `config` and `web`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.config import Settings

if TYPE_CHECKING:
    from controller.web.auth.issuer import Issuer


def issuer(settings: Settings) -> Issuer | None:
    """Its users, or None where there is none; raises `InvalidSpec`."""
    if not settings.oidc_issuer:
        return None
    # Its library takes 25 MiB.
    from controller.web.auth.issuer import Claims, Issuer

    claims = Claims(settings.oidc_username_claim, settings.oidc_groups_claim, settings.oidc_prefix)
    return Issuer(settings.oidc_issuer, settings.oidc_audience, claims)
