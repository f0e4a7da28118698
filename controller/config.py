"""The only reader of the environment: the controller's settings, frozen. Imports nothing of ours.

Each setting is `PACKCTL_<NAME>` in the environment or `--<name>` of `packctl run`; flags win.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, ByteSize, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _with_unit(size: object) -> object:
    return f"{size}B" if str(size).endswith("i") else size


Size = Annotated[ByteSize, BeforeValidator(_with_unit)]
"""Bytes, written as Kubernetes does: `4Gi`, `512Mi`, or a plain number."""


class LogFormat(StrEnum):
    """How log lines look; AUTO is text on a terminal and JSON elsewhere."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


class Settings(BaseSettings):
    """What the operator of the controller decides; all times in seconds."""

    model_config = SettingsConfigDict(env_prefix="PACKCTL_", frozen=True, extra="ignore")

    database_url: SecretStr | None = Field(
        None, description="Attune's database; without it an embedded PostgreSQL is started."
    )
    database_connections: int = Field(8, ge=1, description="Connections at most.")
    data_dir: Path = Field(
        Path("attune-pack-controller-data"),
        description="Folder of the embedded PostgreSQL.",
    )
    cache_dir: Path = Field(
        Path("attune-pack-controller-cache"), description="Folder of the Git mirrors."
    )
    cache_size: Size = Field(
        ByteSize(4 * 1024**3), gt=0, description="Bytes of all Git mirrors at most."
    )
    max_repository_size: Size = Field(
        ByteSize(1024**3), gt=0, description="Bytes of one Git mirror at most."
    )
    mirrors: int = Field(1000, ge=1, description="Git mirrors kept at most.")
    kubeconfig: Path | None = Field(
        None, description="kubeconfig file; in a cluster the service account is used without it."
    )
    cluster: str = Field(
        "",
        description="Name of this cluster, among those that share the database; the uid of its "
        "namespace kube-system when empty.",
    )
    namespaces: str = Field(
        "", description="Namespaces to watch, separated by commas; all when empty."
    )
    workers: int = Field(32, ge=1, le=256, description="Packs reconciled at the same time.")
    namespace_share: float = Field(
        0.75,
        gt=0,
        le=1,
        description="Share of the workers that the Packs of one namespace take at most, where "
        "others are watched, too.",
    )
    remembered_files: int = Field(
        4000, ge=0, description="Parsed workflow files kept in memory at most."
    )
    allow_http: bool = Field(default=False, description="Allow http:// repositories.")
    allow_file: bool = Field(default=False, description="Allow file:// repositories.")
    allowed_hosts: str = Field(
        "", description="Hosts of repositories and proxies that denied_hosts does not close."
    )
    denied_hosts: str = Field(
        "", description="Hosts, or patterns such as *.svc, that are never connected to."
    )
    allowed_networks: str = Field(
        "", description="Networks or their names that are open in spite of all else."
    )
    denied_networks: str = Field(
        "", description="Networks, or names such as private, that are never connected to."
    )
    api_server: str = Field(
        "",
        # The second is how Kubernetes tells a Pod where its API server is.
        validation_alias=AliasChoices("PACKCTL_API_SERVER", "KUBERNETES_SERVICE_HOST"),
        description="Address of the API server, which is closed to repositories.",
    )
    http_listen: str = Field(
        "", description="host:port where webhooks are answered; nowhere when empty."
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s@?#]+)?$",
        description="Where people reach this controller, for links in notifications; none when "
        "empty.",
    )
    webhook_tokens: SecretStr = Field(
        SecretStr(""), description="Secrets of /hooks/git, one a line; it is closed without any."
    )
    api_kubernetes: bool = Field(
        default=True,
        description="Let users of the cluster use the API, as far as they may get and update Packs "
        "there.",
    )
    api_audiences: str = Field(
        "",
        description="Audiences that their tokens must be made for, separated by commas; the API "
        "server's own when empty.",
    )
    packs_base_dir: Path = Field(
        Path("/opt/attune/packs"),
        # The second is what the service had that this one takes the place of.
        validation_alias=AliasChoices("PACKCTL_PACKS_BASE_DIR", "ATTUNE__PACKS_BASE_DIR"),
        description="Folder of the packs that no Pack resource follows, for the API.",
    )
    oidc_issuer: str = Field(
        "", description="URL of the OpenID Connect issuer whose users may use the API, too."
    )
    oidc_audience: str = Field("", description="Audience that its tokens must be made for.")
    oidc_username_claim: str = Field("sub", description="Claim that names the user.")
    oidc_groups_claim: str = Field("groups", description="Claim that names their groups.")
    oidc_prefix: str = Field(
        "oidc:", description="What goes before the names of its users and groups."
    )
    api_tokens_file: Path | None = Field(
        None, description="TOML file of hashed tokens that may use the API, too."
    )
    ops_listen: str = Field(
        "", description="host:port of /healthz, /readyz and /metrics; nowhere when empty."
    )
    leader_election: bool = Field(default=True, description="Work only while holding the Lease.")
    lease_namespace: str = Field("default", description="Namespace of the Lease.")
    lease_name: str = Field("attune-pack-controller", description="Name of the Lease.")
    interval_jitter: float = Field(
        0.05, ge=0, le=0.5, description="Share of spec.interval by which it varies."
    )
    history_days: int = Field(
        365,
        ge=0,
        le=36500,
        description="Days that applied revisions and attempts are kept; 0: for ever.",
    )
    history_attempts: int = Field(
        100, ge=1, le=10000, description="Attempts of each Pack that are kept at most."
    )
    shutdown_grace: float = Field(
        20.0, ge=0, description="How long running reconciles may take to end at shutdown."
    )
    log_format: LogFormat = Field(LogFormat.AUTO, description="auto, text or json.")
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="Lines below are left out."
    )

    @property
    def watched(self) -> tuple[str, ...]:
        """The namespaces to watch; empty means all."""
        return tuple(name.strip() for name in self.namespaces.split(",") if name.strip())

    @property
    def workers_of_one(self) -> int:
        """How many workers the Packs of one namespace take at most."""
        if len(self.watched) == 1:
            return self.workers
        return max(1, int(self.workers * self.namespace_share))


class OpenTelemetry(BaseSettings):
    """Whether OpenTelemetry's own variables ask for traces; the rest of them is read by its SDK."""

    model_config = SettingsConfigDict(env_prefix="OTEL_", frozen=True, extra="ignore")

    sdk_disabled: str = Field("", description="true: send nothing, whatever the others say.")
    traces_exporter: str = Field("", description="otlp or none; by the endpoint when empty.")
    exporter_otlp_endpoint: str = Field("", description="Base URL of the collector.")
    exporter_otlp_traces_endpoint: str = Field("", description="Whole URL for traces.")
    exporter_otlp_protocol: str = Field("", description="http/protobuf.")
    exporter_otlp_traces_protocol: str = Field("", description="The same for traces alone.")

    @property
    def is_asked(self) -> bool:
        """Whether somebody wants traces. Unlike the SDK's own default, nothing is sent anywhere
        before an endpoint or the exporter was named."""
        if self.sdk_disabled.strip().lower() == "true" or self._exporter == "none":
            return False
        named = self.exporter_otlp_endpoint or self.exporter_otlp_traces_endpoint
        return bool(self._exporter or named)

    @property
    def obstacle(self) -> str:
        """Why they cannot be sent; empty where they can."""
        if self._exporter not in ("", "otlp"):
            return f"OTEL_TRACES_EXPORTER is {self._exporter!r}; only otlp and none are known."
        protocol = self.exporter_otlp_traces_protocol or self.exporter_otlp_protocol
        if protocol.strip() not in ("", "http/protobuf"):
            return (
                f"OTEL_EXPORTER_OTLP_PROTOCOL is {protocol.strip()!r}; only http/protobuf is "
                "spoken, at port 4318 as a rule."
            )
        return ""

    @property
    def _exporter(self) -> str:
        return self.traces_exporter.strip().lower()


class GitSecrets(BaseSettings):
    """What opens private repositories at the command line: too secret to be typed.

    The controller itself does not read it: Packs name Secrets of their own.
    """

    model_config = SettingsConfigDict(env_prefix="PACKCTL_GIT_", frozen=True, extra="ignore")

    password: SecretStr | None = Field(None, description="Password, or token in its place.")
    token: SecretStr | None = Field(None, description="Bearer token.")
    ssh_passphrase: SecretStr | None = Field(None, description="Opens the private key for ssh.")
    proxy_username: str = Field("", description="Who logs in at the proxy.")
    proxy_password: SecretStr | None = Field(None, description="The proxy's password.")
