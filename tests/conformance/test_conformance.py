from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from controller.load.files import workflow_name
from controller.load.select import Selection, WorkflowFile
from controller.pack.content import CompiledWorkflow
from controller.pack.diagnostic import Level
from controller.pack.rules import CATALOGUE
from controller.pack.tree import Entry, EntryKind
from controller.validate import (
    Checked,
    CheckedManifest,
    CheckedSettings,
    Levels,
    Memo,
    check_pack,
    examine,
)

HERE = Path(__file__).parent

_JSONB = "the stored value would differ from the file"
_NO_ACTION = "no row of the action table can have this ref"
_REF = "the tables refuse the ref, or another pack owns it"
_DECISION = "Attune's own rule, which its normalisation loses"
_LOST = "one of the two values would be lost"
_KEY = "Attune turns the key into a string"
_TAG = "the tag's meaning would be lost"
_NAME = "Attune's own limits for names, which it does not apply"
_EXPRESSION = "Attune stores the expression, and fails when it runs"

STRICTER = {
    "action_ref_upper.yaml": _NO_ACTION,
    "decision_default_false_no_when.yaml": _DECISION,
    "decision_two_defaults.yaml": _DECISION,
    "expr_braces_in_string.yaml": _EXPRESSION,
    "expr_dict_literal.yaml": _EXPRESSION,
    "expr_dotted_number.yaml": _EXPRESSION,
    "expr_method_call.yaml": _EXPRESSION,
    "expr_nested_braces.yaml": _EXPRESSION,
    "expr_single_equals.yaml": _EXPRESSION,
    "expr_ternary.yaml": _EXPRESSION,
    "expr_trailing_comma_call.yaml": _EXPRESSION,
    "expr_unicode_ident.yaml": _EXPRESSION,
    "expr_unknown_in_call.yaml": _EXPRESSION,
    "expr_unknown_in_retry_on_error_not_checked.yaml": "Attune's editor does not look there",
    "expr_unterminated_string.yaml": _EXPRESSION,
    "len_task_name_5000.yaml": _NAME,
    "parallel_sub_bad_action_ref.yaml": "Attune checks sub-tasks less than tasks",
    "ref_foreign_pack.yaml": _REF,
    "ref_spaces.yaml": _REF,
    "ref_three_parts.yaml": _REF,
    "ref_trailing_dot.yaml": _REF,
    "ref_upper.yaml": _REF,
    "req_task_empty_name.yaml": _NAME,
    "task_input_int_key.yaml": _KEY,
    "task_input_integer_beyond_u128.yaml": _JSONB,
    "task_input_nested_bool_key.yaml": _KEY,
    "task_input_nested_int_key.yaml": _KEY,
    "task_input_nested_null_key.yaml": _KEY,
    "task_name_nul_escape.yaml": "jsonb refuses NUL characters",
    "vars_name_int.yaml": _KEY,
    "yaml_duplicate_key_input.yaml": _LOST,
    "yaml_duplicate_key_nested_json.yaml": _LOST,
    "yaml_duplicate_unknown_key.yaml": _LOST,
    "yaml_key_null.yaml": _KEY,
    "yaml_scalar_inf.yaml": _JSONB,
    "yaml_scalar_nan.yaml": _JSONB,
    "yaml_scalar_neg_inf.yaml": _JSONB,
    "yaml_tag_binary.yaml": _TAG,
    "yaml_tag_enum_on_type.yaml": _TAG,
    "yaml_tag_omap.yaml": _TAG,
    "yaml_tag_set.yaml": _TAG,
    "yaml_task_name_null_word.yaml": "null is as if the field were absent",
}
"""Accepted by Attune, refused here."""

LOOSER = {
    "output_empty.yaml": "the flat form, which Attune's own packs use",
    "parameters_empty.yaml": "the flat form, which Attune's own packs use",
    "parameters_flat.yaml": "the flat form, which Attune's own packs use",
}
"""Refused by Attune, accepted here."""

OTHER_VALUES = {
    "parallel_nested_legacy_in_third_level_not_normalised.yaml": "normalised at every depth here",
    "tags_null_item.yaml": "a null in a list of texts is left out, not stored as `~`",
}
"""Accepted by both, stored differently."""


def _answers() -> list[dict[str, Any]]:
    lines = (HERE / "attune.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


ANSWERS = {answer["file"]: answer for answer in _answers()}


def compiled(
    name: str, data: bytes, levels: Levels | None = None
) -> tuple[CompiledWorkflow | None, Checked]:
    """What comes of a file as `workflows/<name>` of a pack whose ref is `p`."""
    path = f"workflows/{name}"
    file = WorkflowFile(Entry(path, EntryKind.FILE, "0" * 40, len(data)), workflow_name(path))
    selection = Selection(None, None, (file,), (), frozenset(), ())
    manifest = CheckedManifest(None, "p", ())
    recall = Memo().recall(selection, "p")
    examined = examine(manifest, CheckedSettings(), {"0" * 40: data}, recall)
    checked = check_pack(examined, levels or {}, None)
    return (checked.workflows[0] if checked.workflows else None), checked


def _compile(name: str, levels: Levels | None = None) -> CompiledWorkflow | None:
    return compiled(name, (HERE / "cases" / name).read_bytes(), levels)[0]


def _stored(workflow: CompiledWorkflow) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(workflow.document)
    kept = ("version", "description", "tags", "param_schema", "out_schema", "definition")
    return {
        "effective_ref": document["ref"],
        "effective_label": document["label"],
        **{field: document[field] for field in kept},
    }


@pytest.mark.parametrize("name", ANSWERS)
def test_verdict_and_values_are_attunes(name: str) -> None:
    """The same verdict, and the same stored values, but for the differences wanted."""
    answer, workflow = ANSWERS[name], _compile(name)
    differs = name in STRICTER or name in LOOSER
    assert (workflow is not None) == (answer["accepted"] != differs)
    if workflow is None or name in LOOSER:
        return
    stored = _stored(workflow)
    same = all(answer[key] == value for key, value in stored.items())
    assert same == (name not in OTHER_VALUES)


ADJUSTABLE = sorted(name for name, reason in STRICTER.items() if reason in (_DECISION, _EXPRESSION))


@pytest.mark.parametrize("name", ADJUSTABLE)
def test_an_error_that_was_lowered_lets_attunes_own_values_through(name: str) -> None:
    workflow = _compile(name, {rule.code: Level.WARN for rule in CATALOGUE})
    assert workflow is not None
    answer = ANSWERS[name]
    assert {key: answer[key] for key in _stored(workflow)} == _stored(workflow)


def test_every_expression_problem_is_refused() -> None:
    """Of the cases Attune's editor finds fault with, only a parameter's bare name may stay."""
    faulty = {name for name, answer in ANSWERS.items() if answer.get("expression_problems")}
    assert faulty - STRICTER.keys() == {"expr_json_schema_property_bare.yaml"}


def test_every_case_has_an_answer() -> None:
    assert {path.name for path in (HERE / "cases").iterdir()} == ANSWERS.keys()


def test_compatibility_page_names_each_reason() -> None:
    """The page that tells users of the differences has a line for each kind."""
    page = (HERE.parents[1] / "docs" / "compatibility.md").read_text()
    reasons = {*STRICTER.values(), *LOOSER.values(), *OTHER_VALUES.values()}
    assert [reason for reason in reasons if reason not in page] == []
