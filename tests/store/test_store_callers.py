"""Who still calls a workflow that goes: told by name, by the plan and by what was done."""

from __future__ import annotations

import json

import pytest

from controller.pack.caller import Caller
from controller.pack.content import Json
from controller.store import Policy, Store
from tests.store.by_hand import insert_pack
from tests.store.make import TEAM_A, query, request, workflows


def _task(action: str | None, **more: Json) -> dict[str, Json]:
    return {"name": "t", "action": action, "input": {}, **more}


def _call(url: str, ref: str, *tasks: Json, pack: str = "other") -> None:
    """A workflow of another pack, as Attune stores one."""
    query(
        url,
        "INSERT INTO attune.workflow_definition (ref, pack, pack_ref, label, version, definition)"
        " SELECT %(ref)s, id, ref, 'x', '1.0.0', %(definition)s::jsonb"
        " FROM attune.pack WHERE ref = %(pack)s",
        {"ref": ref, "pack": pack, "definition": json.dumps({"ref": ref, "tasks": list(tasks)})},
    )


@pytest.fixture
def called(store: Store, url: str) -> None:
    """A pack `demo` of three workflows, and others that call some of them."""
    store.sync(request(store, workflows("a", "b", "c"), commit="c1"))
    insert_pack(url, "other")
    deep = _task(None, tasks=[_task("demo.b"), _task(None, tasks=[_task("demo.a")])])
    _call(url, "other.deep", _task("core.echo"), deep)
    _call(url, "other.flat", _task("demo.a"), _task("demo.a"))
    _call(url, "other.none", _task("core.echo", input={"text": "demo.a"}))
    _call(url, "demo.hand", _task("demo.a"), pack="demo")


A = (Caller("demo.hand", "demo.a"), Caller("other.deep", "demo.a"), Caller("other.flat", "demo.a"))
B = (Caller("other.deep", "demo.b"),)


@pytest.mark.usefixtures("called")
def test_the_plan_and_the_receipt_name_them(store: Store) -> None:
    asked = request(store, workflows("b", "c"), commit="c2")

    plan = store.preview(asked)
    assert plan.callers == A
    told = [step.why for step in plan.steps if step.ref == "demo.a"]
    assert told == ["demo.hand, other.deep, other.flat still call it"]
    receipt = store.sync(asked)

    assert receipt.pruned == ("demo.a",)
    assert receipt.callers == A


@pytest.mark.usefixtures("called")
def test_only_what_is_pruned_is_asked_about(store: Store, heard: list[str]) -> None:
    stays = Policy(prune=False)
    assert store.sync(request(store, workflows("b"), commit="c2", policy=stays)).callers == ()
    assert store.sync(request(store, workflows("a", "b", "c", text="new"))).callers == ()
    assert "read_callers" not in heard

    receipt = store.sync(request(store, workflows("c"), commit="c3"))

    assert sorted(receipt.callers) == sorted(A + B)
    assert heard.count("read_callers") == 1


@pytest.mark.usefixtures("called")
def test_the_end_of_a_pack_tells_them_too(store: Store) -> None:
    assert sorted(store.remove(TEAM_A).callers) == sorted(A + B)
