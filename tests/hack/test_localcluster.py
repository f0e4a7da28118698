from __future__ import annotations

import psycopg
import pytest

from hack.localcluster import ControlPlane, Postgres, StopMode
from hack.localcluster.cluster import CommandError


def test_objects_outlive_a_restart_of_the_api_server(control_plane: ControlPlane) -> None:
    control_plane.kubectl("create", "configmap", "kept", "--from-literal=a=1")
    control_plane.stop_apiserver()
    with pytest.raises(CommandError, match="refused"):
        control_plane.kubectl("get", "configmap", "kept")
    control_plane.start_apiserver()
    value = control_plane.kubectl("get", "configmap", "kept", "-o", "jsonpath={.data.a}")
    assert value == "1"


def test_kubectl_takes_input_and_gives_back_its_complaints(control_plane: ControlPlane) -> None:
    namespace = '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "given"}}'
    assert "created" in control_plane.kubectl("apply", "-f", "-", input=namespace)
    with pytest.raises(CommandError, match=r'namespaces "absent" not found'):
        control_plane.kubectl("get", "namespace", "absent")


def test_a_service_account_may_do_what_it_is_allowed_to(control_plane: ControlPlane) -> None:
    control_plane.kubectl("create", "serviceaccount", "reader")
    control_plane.kubectl("create", "role", "reader", "--verb=get", "--resource=configmaps")
    control_plane.kubectl(
        "create", "rolebinding", "reader", "--role=reader", "--serviceaccount=default:reader"
    )
    reader = f"--token={control_plane.service_account_token('default', 'reader')}"
    assert "default:reader" in control_plane.kubectl(reader, "auth", "whoami")
    control_plane.kubectl(reader, "get", "configmap", "absent", "--ignore-not-found")
    with pytest.raises(CommandError, match="Forbidden"):
        control_plane.kubectl(reader, "get", "secrets")


def test_helm_reaches_the_cluster(control_plane: ControlPlane) -> None:
    assert "NAMESPACE" in control_plane.helm("list")


def test_databases_are_apart_and_copies_of_their_template(postgres: Postgres) -> None:
    template = postgres.create_database("a_template")
    with psycopg.connect(template) as connection:
        connection.execute("CREATE TABLE one (a integer)")
    one, two = (postgres.create_database(template="a_template") for _ in range(2))
    with psycopg.connect(one) as connection:
        connection.execute("INSERT INTO one VALUES (1)")
    with psycopg.connect(two) as connection:
        assert connection.execute("SELECT a FROM one").fetchall() == []
        postgres.drop_database(one)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(one)


@pytest.mark.parametrize("mode", list(StopMode))
def test_committed_rows_outlive_a_stop(database: str, postgres: Postgres, mode: StopMode) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE one AS SELECT 1 AS a")
    postgres.stop(mode)
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(database)
    postgres.start()
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT a FROM one").fetchall() == [(1,)]


def test_servers_run_side_by_side(postgres: Postgres) -> None:
    with Postgres() as other:
        assert other.url != postgres.url
        with psycopg.connect(other.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
