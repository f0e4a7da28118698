from __future__ import annotations

import json

import pytest

from controller.diff import Change, ChangeKind, WorkflowChange, compare, said
from controller.pack.content import Json


def document(ref: str, *, label: str = "One", tasks: Json = (), **columns: Json) -> str:
    definition = {"ref": ref, "label": label, "tasks": list(tasks or ())}  # type: ignore[arg-type]
    return json.dumps({"ref": ref, "label": label, "definition": definition, **columns})


ONE, TWO = document("p.one"), document("p.two")


def test_a_workflow_comes_goes_or_changes() -> None:
    changed = document("p.two", label="Two")
    found = compare({"p.one": ONE, "p.two": TWO}, {"p.two": changed, "p.new": document("p.new")})
    assert [(one.ref, one.change) for one in found.workflows] == [
        ("p.new", WorkflowChange.CREATED),
        ("p.one", WorkflowChange.REMOVED),
        ("p.two", WorkflowChange.UPDATED),
    ]
    assert found.workflows[2].changes == (Change("label", ChangeKind.CHANGED, "One", "Two"),)
    assert found.count(WorkflowChange.REMOVED) == 1


def test_what_stays_is_not_removed_and_what_is_the_same_is_not_told() -> None:
    assert not compare({"p.one": ONE, "p.two": TWO}, {"p.one": ONE}, staying=["p.two"])


def test_the_manifest_has_its_own_changes() -> None:
    found = compare({}, {}, ({"version": "1.0.0", "tags": ["a"]}, {"version": "2.0.0"}))
    assert [said(one) for one in found.manifest] == [
        'version changed from "1.0.0" to "2.0.0"',
        'tags removed, it was ["a"]',
    ]


@pytest.mark.parametrize(
    ("path", "kind", "before", "after", "words"),
    [
        ("tasks[greet]", ChangeKind.ADDED, None, {"name": "greet"}, "task 'greet' added"),
        ("tasks[greet]", ChangeKind.REMOVED, {"name": "greet"}, None, "task 'greet' removed"),
        (
            "tasks[greet].input.message",
            ChangeKind.CHANGED,
            "a",
            "b",
            'task \'greet\': input.message changed from "a" to "b"',
        ),
        (
            "tasks[all].tasks[one].timeout",
            ChangeKind.ADDED,
            None,
            5,
            "task 'all': task 'one': timeout added: 5",
        ),
        ("tasks", ChangeKind.MOVED, ["a"], ["b"], "tasks in another order"),
        (
            "parameters.properties.who",
            ChangeKind.REMOVED,
            {"type": "string"},
            None,
            'parameter \'who\' removed, it was {"type": "string"}',
        ),
        ("parameters.who", ChangeKind.ADDED, None, 1, "parameter 'who' added: 1"),
        (
            "description",
            ChangeKind.CHANGED,
            "x" * 99,
            "",
            f'description changed from "{"x" * 58}… to ""',
        ),
        (
            "description",
            ChangeKind.CHANGED,
            "x" * 90 + "a" + "y" * 90,
            "x" * 90 + "b",
            f'description changed from …{"x" * 20}a{"y" * 37}… to …{"x" * 20}b"',
        ),
    ],
)
def test_a_change_in_words(
    path: str, kind: ChangeKind, before: Json, after: Json, words: str
) -> None:
    assert said(Change(path, kind, before, after)) == words


def test_columns_are_called_as_in_the_file() -> None:
    before = document("p.one", param_schema={"who": {"type": "string"}})
    after = document("p.one", param_schema={"who": {"type": "integer"}})
    (found,) = compare({"p.one": before}, {"p.one": after}).workflows
    assert [one.path for one in found.changes] == ["parameters.who.type"]
