"""Plans as text, JSON and Markdown; of the last nothing that a pack says is more than code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.text import Text

from controller.diff import Change, ChangeKind, Companion, PackPlan, RowPlan, WorkflowPlan
from controller.errors import Reason, Stalled
from controller.formats import PackResult
from controller.formats.plans import (
    PlanReport,
    plan_listing,
    plan_markdown,
    plan_summary,
    plan_text,
)
from controller.formats.plans.markdown import LARGEST
from controller.pack import rules
from controller.pack.diagnostic import Diagnostic
from controller.pack.planned import ADOPTED, Kind, Step

_LABEL = Change("label", ChangeKind.CHANGED, "A", "B")
_TASK = Change("tasks[greet]", ChangeKind.ADDED, None, {"action": "core.echo"})
PLAN = PackPlan(
    "demo",
    "main@sha1:" + "1" * 40,
    "fix@sha1:" + "2" * 40,
    RowPlan(Kind.UPDATE, changes=(Change("version", ChangeKind.CHANGED, "1.0.0", "1.1.0"),)),
    (
        WorkflowPlan(Step("demo.a", Kind.UPDATE), "workflows/a.yaml", (_LABEL, _TASK)),
        WorkflowPlan(
            Step("demo.b", Kind.UPDATE, "", drifted=True),
            "workflows/b.yaml",
            companion=Companion.UPDATE,
            columns=(_LABEL,),
        ),
        WorkflowPlan(Step("demo.c", Kind.UPDATE, ADOPTED), companion=Companion.LINK),
        WorkflowPlan(Step("demo.d", Kind.PRUNE, "demo2.x calls it"), companion=Companion.PRUNE),
        WorkflowPlan(Step("demo.e", Kind.CREATE), companion=Companion.CREATE),
        WorkflowPlan(Step("demo.e2", Kind.CREATE, ADOPTED), companion=Companion.LINK),
        WorkflowPlan(Step("demo.f", Kind.BLOCKED, "executions of it are running")),
        WorkflowPlan(Step("demo.g", Kind.KEPT, "prune is false")),
    ),
    unchanged=3,
)
REPORT = PlanReport("packs/demo", PLAN, owner="Pack team-a/demo")
HOSTILE = "` ``` <img src=x> @acme/all #1 [a](http://b) ![c](d) \n### h\n</details> ::error::x <!--"
_OURS = re.compile(
    r"<!-- packctl diff [\w./:@-]+ -->|</details>"
    r"|<details><summary><code>[^<>\n]*</code></summary>"
)


def _text(report: PlanReport) -> list[str]:
    return [one.plain for one in (*plan_text(report), plan_summary(report))]


def test_text_tells_each_workflow_and_each_field() -> None:
    assert _text(REPORT) == [
        "demo: main@11111111 → fix@22222222  as Pack team-a/demo would sync it",
        "~ the pack's row",
        '    version changed from "1.0.0" to "1.1.0"',
        "~ demo.a  workflows/a.yaml",
        '    label changed from "A" to "B"',
        "    task 'greet' added",
        "~ demo.b  workflows/b.yaml  (rows changed by others)",
        '    its action: label changed from "A" to "B"',
        "~ demo.c  (adopted)",
        "    its action: becomes this workflow's",
        "- demo.d  (demo2.x calls it)",
        "+ demo.e",
        "+ demo.e2  (adopted)",
        "    its action: becomes this workflow's",
        "! demo.f  (executions of it are running)",
        "= demo.g  (prune is false)",
        (
            "2 to create, 3 to update, 1 to remove, 1 to remove later, 1 to keep, 3 unchanged, "
            "the pack's row to write."
        ),
    ]


def test_text_has_colours_by_what_happens() -> None:
    lines = {one.plain.split()[1]: one for one in plan_text(REPORT) if one.plain[0] in "+-~!="}

    def style(text: Text) -> str:
        return str(text.spans[0].style)

    assert style(lines["demo.e"]) == "green"
    assert style(lines["demo.d"]) == "red"
    assert style(lines["demo.a"]) == "yellow"


def test_two_recorded_revisions_are_told_as_what_was() -> None:
    past = replace(REPORT, owner="", numbers=(17, 18))
    lines = _text(past)
    assert lines[0] == "demo: 17 (main@11111111) → 18 (fix@22222222)"
    assert lines[1] == "~ pack.yaml"
    assert lines[-1].startswith("2 created, 3 updated, 1 removed, 3 unchanged, the pack's manifest")


def test_json_has_all_of_it() -> None:
    value = json.loads(plan_listing(REPORT))
    assert (value["source"], value["pack"], value["owner"]) == (
        "packs/demo",
        "demo",
        "Pack team-a/demo",
    )
    assert (value["from"], value["to"], value["differs"]) == (PLAN.before, PLAN.after, True)
    assert value["summary"] == {
        "created": 2,
        "updated": 3,
        "unchanged": 3,
        "pruned": 1,
        "skipped": 1,
        "blocked": 1,
        "conflicts": 0,
        "adopted": 2,
        "drifted": 1,
        "packChanged": True,
    }
    assert value["row"]["changes"] == [
        {"path": "version", "change": "changed", "before": "1.0.0", "after": "1.1.0"}
    ]
    first, second = value["workflows"][:2]
    assert first["changes"][1] == {
        "path": "tasks[greet]",
        "change": "added",
        "after": {"action": "core.echo"},
    }
    assert second["action"]["change"] == "update"
    assert (second["drifted"], second["adopted"]) == (True, False)
    brief = json.loads(plan_listing(REPORT, brief=True))
    assert brief == {name: value[name] for name in brief}
    assert "workflows" not in brief


def test_markdown_hides_what_was_written_by_hand() -> None:
    page = plan_markdown(REPORT)
    assert page.startswith("<!-- packctl diff packs/demo -->\n### `demo`: `main@11111111`")
    assert 'label changed from "A" to "B"' in page
    assert "its action: label changed\n" in page
    assert "+ demo.e\n" in page
    assert "- demo.d  (demo2.x calls it)\n" in page
    assert "<details>" not in plan_markdown(REPORT, brief=True)


@pytest.mark.parametrize("errors", [1, 5000])
def test_markdown_tells_why_there_is_no_plan(errors: int) -> None:
    found = PackResult(
        "demo",
        findings=(Diagnostic(rules.MISSING_FIELD, HOSTILE, "workflows/a.yaml"),) * errors,
    )
    failure = Stalled(Reason.VALIDATION_FAILED, "It has errors.")
    page = plan_markdown(PlanReport("demo", None, failure=failure, found=found))
    assert "No plan was made" in page
    assert f"ValidationFailed: {errors} error" in page
    assert ("… and" in page) == (errors > 1)
    _check(page)


_NAMES = st.sampled_from([HOSTILE, "demo.a", "```", "é" * 40]) | st.text(max_size=30)
_CHANGES = st.builds(Change, _NAMES, st.sampled_from(ChangeKind), _NAMES, _NAMES)


@st.composite
def _plans(draw: st.DrawFn) -> PackPlan:
    workflows = draw(
        st.lists(
            st.builds(
                WorkflowPlan,
                st.builds(Step, _NAMES, st.sampled_from(Kind), _NAMES, st.booleans()),
                _NAMES,
                st.lists(_CHANGES, max_size=3).map(tuple),
            ),
            max_size=3,
        )
    )
    times = draw(st.sampled_from([1, 1, 500]))
    row = RowPlan(Kind.UPDATE, changes=tuple(draw(st.lists(_CHANGES, max_size=2))))
    return PackPlan("demo", draw(_NAMES), draw(_NAMES), row, tuple(workflows) * times)


@settings(deadline=None, max_examples=30)
@given(_plans(), _NAMES)
def test_markdown_is_bounded_and_holds_nothing_of_a_pack_but_as_code(
    plan: PackPlan, text: str
) -> None:
    failure = Stalled(Reason.ACTION_CONFLICT, text)
    page = plan_markdown(PlanReport(text, plan, owner=text, failure=failure))
    _check(page)


@settings(deadline=None, max_examples=30)
@given(_plans())
def test_text_has_no_line_that_a_pack_wrote(plan: PackPlan) -> None:
    for one in plan_text(PlanReport("demo", plan)):
        assert "\n" not in one.plain
        assert re.match(r"[-+~!=✗] |    |demo: ", one.plain)


def _check(page: str) -> None:
    assert len(page.encode()) <= LARGEST
    for one in _tokens(MarkdownIt("commonmark").parse(page)):
        if one.type in {"html_block", "html_inline"}:
            assert all(_OURS.fullmatch(part) for part in one.content.strip().splitlines()), one
        elif one.type == "text":
            assert not set(one.content) & set("@#<>[]()`"), one.content
        else:
            assert not one.type.startswith(("link", "image", "code_block")), one


def _tokens(found: Iterable[Token]) -> Iterator[Token]:
    for one in found:
        yield one
        yield from _tokens(one.children or ())
