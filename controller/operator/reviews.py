"""Whose a token is, and what they may do: the API server's answers. Imports the room and `pack`.

Permission: create tokenreviews and subjectaccessreviews, of the cluster.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from controller.errors import Reason, Transient
from controller.operator.cluster import Cluster
from controller.operator.request import ApiRefused, ClusterError
from controller.pack.spec import GROUP, PLURAL
from controller.pack.user import User


class Reviews:
    """Asks the API server; safe to use from many threads. Raises `Transient` where it is away, or
    does not let us ask."""

    def __init__(self, cluster: Cluster, audiences: Sequence[str] = ()) -> None:
        """Tokens must be made for one of `audiences`; for the API server where there are none."""
        self._cluster = cluster
        self._audiences = list(audiences)

    def user(self, token: str) -> User | None:
        """Whose `token` is, None where it is nobody's."""
        asked: dict[str, Any] = {"token": token}
        if self._audiences:
            asked["audiences"] = self._audiences
        status = self._review("authentication", "TokenReview", asked)
        if not status.get("authenticated"):
            return None
        # Who reviews tokens and knows nothing of audiences does not name any.
        if self._audiences and not set(status.get("audiences") or ()) & set(self._audiences):
            return None
        return _user(status.get("user") or {})

    def allows(self, user: User, verb: str, namespace: str, name: str) -> bool:
        """Whether `user` may `verb` the Pack; all of the namespace without `name`, all there are
        without `namespace`."""
        wanted = {"group": GROUP, "resource": PLURAL, "verb": verb}
        place = {"namespace": namespace, "name": name}
        spec = {
            "user": user.name,
            "uid": user.uid,
            "groups": list(user.groups),
            "extra": {key: list(values) for key, values in user.extra},
            "resourceAttributes": wanted | {key: value for key, value in place.items() if value},
        }
        status = self._review("authorization", "SubjectAccessReview", spec)
        return bool(status.get("allowed")) and not status.get("denied")

    def _review(self, group: str, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._cluster.review(group, kind, spec)
        except ApiRefused as error:
            raise Transient(
                Reason.INTERNAL_ERROR,
                "The API server does not let the controller review who asks.",
                hint=f"Its service account must be allowed to create {kind.lower()}s.",
            ) from error
        except ClusterError as error:
            raise Transient(
                Reason.INTERNAL_ERROR, "The API server, which knows who may ask, is away."
            ) from error


def _user(found: dict[str, Any]) -> User:
    extra = found.get("extra") or {}
    return User(
        str(found.get("username", "")),
        str(found.get("uid", "")),
        tuple(found.get("groups") or ()),
        tuple((key, tuple(values)) for key, values in sorted(extra.items())),
    )
