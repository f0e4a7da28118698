"""Comments that take diagnostics away, and what is said of those that do not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.pack.content import Json
from tests.validate.packs import MANIFEST, TASK, WORKFLOW, check, check_one

TOKENS = (
    *("# attune: ", "attune:", "ignore[", "ATT206", "]", ",", "\n", "\r", "\u2028", " ", "#", "é"),
    *("a: ", "- ", "|\n  ", ">", '"', "'", "{", "}", "&a ", "*a ", "!!str ", "\ufeff"),
)

Found = list[tuple[str, int, int]]

IGNORE = "# attune: ignore[ATT206]"
ODD = "odd: 1"
"""A field that Attune does not know: ATT206."""


def _found(text: str) -> Found:
    """Each diagnostic of a workflow: its code, line and column."""
    diagnostics = check_one(text).diagnostics
    return [(one.rule.code, one.span.line, one.span.column) for one in diagnostics]


COVERED: dict[str, str] = {
    "at the end of the line": f"{ODD}  {IGNORE}\n{WORKFLOW}",
    "above the line": f"{IGNORE}\n{ODD}\n{WORKFLOW}",
    "above other comments": f"{IGNORE}\n\n# Why.\n  # And how.\n   \n{ODD}\n{WORKFLOW}",
    "above the beginning of the document": f"{IGNORE}\n---\n{ODD}\n{WORKFLOW}",
    "at the last line, without a line break": f"{WORKFLOW}{ODD} {IGNORE}",
    "for the whole file": f"{WORKFLOW}{ODD}\n# attune: ignore-file[ATT206]\n",
    "for the whole file, at a line of its own business": (
        f"{ODD}\nversion: '1.0.0' # attune: ignore-file[ATT206]\n{TASK}"
    ),
    "with a reason": f"{ODD}  {IGNORE} because we like it\n{WORKFLOW}",
    "without spaces": f"{ODD}  #attune:ignore[ATT206]\n{WORKFLOW}",
    "with many spaces": f"{ODD}  #  attune:   ignore[ ATT206 ]\n{WORKFLOW}",
    "behind another comment": f"{ODD}  # not ours {IGNORE}\n{WORKFLOW}",
    "behind another comment, above the line": f"# not ours {IGNORE}\n{ODD}\n{WORKFLOW}",
    "before another comment": f"{ODD}  {IGNORE} # not ours\n{WORKFLOW}",
    "two comments in one line": (
        f'odd: 1  {IGNORE} # attune: ignore-file[ATT207]\nlabel: 1\nversion: "1.0.0"\n{TASK}'
    ),
    "two comments for two codes above one line": (
        f"{IGNORE}\n# attune: ignore[ATT207]\n{{odd: 1, label: 1, version: '1.0.0', {TASK[:-1]}}}\n"
    ),
    "two codes": f"{{odd: 1, version: 1, {TASK[:-1]}}} # attune: ignore[ATT207, ATT212,ATT206]\n",
    "carriage returns": f"{IGNORE}\r\n{ODD}\r\n" + WORKFLOW.replace("\n", "\r\n"),
    "old line breaks": f"version: '1.0.0'\r{ODD} {IGNORE}\r{TASK}",
    "line breaks of Unicode": f"description: 'a\u2028b'\n{ODD} {IGNORE}\n{WORKFLOW}",
    "after a byte order mark": f"\ufeff{ODD} {IGNORE}\n{WORKFLOW}",
    "after a quoted text with a hash": f"odd: 'a # b' {IGNORE}\n{WORKFLOW}",
    "in a list of tasks": (
        f'version: "1.0.0"\ntasks:\n  - name: a\n    {IGNORE}\n    odd: 1\n    action: core.echo\n'
    ),
    "after the header of a block": f"odd: |  {IGNORE}\n  text\n{WORKFLOW}",
    "after the header of a folded block": f"odd: &a !!str >-2  {IGNORE}\n    text\n{WORKFLOW}",
    "below a block": f"description: |\n  text\n{IGNORE}\n{ODD}\n{WORKFLOW}",
    "below a plain text": f"description: a\n  b\n{IGNORE}\n{ODD}\n{WORKFLOW}",
    "between the items of a list": f"odd: [1, {IGNORE}\n  2]\n{WORKFLOW}",
    "what an alias repeats": f"vars: {{a: &a [x], b: *a}}\n{ODD} {IGNORE}\n{WORKFLOW}",
}


@pytest.mark.parametrize("text", COVERED.values(), ids=COVERED.keys())
def test_comment_takes_the_diagnostic_away(text: str) -> None:
    checked = check_one(text)
    assert checked.diagnostics == ()
    assert len(checked.workflows) == 1


NOT_COVERED: dict[str, tuple[str, Found]] = {
    "another line": (
        f"{ODD}\nversion: '1.0.0' {IGNORE}\n{TASK}",
        [("ATT206", 1, 1), ("ATT012", 2, 35)],
    ),
    "the line after the one meant": (
        f"{IGNORE}\nversion: '1.0.0'\n{ODD}\n{TASK}",
        [("ATT012", 1, 18), ("ATT206", 3, 1)],
    ),
    "another code": (
        f"{ODD} # attune: ignore[ATT207]\n{WORKFLOW}",
        [("ATT206", 1, 1), ("ATT012", 1, 25)],
    ),
    "nothing below it": (f"{WORKFLOW}{IGNORE}\n", [("ATT012", 3, 18)]),
    "the whole file has none": (
        f"{WORKFLOW}# attune: ignore-file[ATT206]\n",
        [("ATT012", 3, 23)],
    ),
    "one of two codes": (
        f"{ODD} # attune: ignore[ATT206, ATT207]\n{WORKFLOW}",
        [("ATT012", 1, 33)],
    ),
    "twice the same": (
        f"version: '1.0.0' # attune: ignore[ATT206,ATT206]\n{TASK}",
        [("ATT012", 1, 35), ("ATT012", 1, 42)],
    ),
}


@pytest.mark.parametrize(("text", "found"), NOT_COVERED.values(), ids=NOT_COVERED.keys())
def test_comment_that_ignores_nothing_is_told(text: str, found: Found) -> None:
    assert _found(text) == found


def test_comment_at_the_wrong_line_is_told_the_right_one() -> None:
    text = f"version: '1.0.0' {IGNORE}\n{TASK}{ODD}\n"
    (unused,) = (one for one in check_one(text).diagnostics if one.rule.code == "ATT012")
    assert unused.message == "line 1 has no `ATT206` to ignore"
    assert unused.hint == "Line 3 has one: move the comment there, or remove it."


NO_COMMENTS: dict[str, str] = {
    "double quotes": f'odd: "a {IGNORE}"\n',
    "single quotes": f"odd: 'a {IGNORE}'\n",
    "quotes over several lines": f'odd: "a\n\n  {IGNORE}\n  b"\n',
    "a plain text": f"odd: a{IGNORE.replace(' ', '')}\n",
    "a literal block": f"odd: |\n  {IGNORE}\n",
    "a folded block": f"odd: >-\n  a\n\n  {IGNORE}\n\n  b\n",
    "a block that looks like its own header": f"odd: |\n  a: | {IGNORE}\n",
    "a quoted text that looks like a block": f"odd: '| {IGNORE}'\n",
    "a tagged text that looks like a block": f"odd: !!str '> {IGNORE}'\n",
    "a key": f"'odd {IGNORE}': 1\n",
    "the item of a list": f"odd: [a, 'b {IGNORE}']\n",
    "what is said to people": "odd: 1 # attune: this is for version 2\n",
    "another program": "odd: 1 # yamllint ignore[ATT206]\n",
    "capitals": "odd: 1 # Attune: ignore[ATT206]\n",
}


@pytest.mark.parametrize("text", NO_COMMENTS.values(), ids=NO_COMMENTS.keys())
def test_what_is_no_such_comment_does_nothing(text: str) -> None:
    assert [code for code, *_ in _found(text + WORKFLOW)] == ["ATT206"]


FORM = "Write `# attune: ignore[ATT206]`, or `ignore-file` for the whole file."
COPY = "Copy the code from the diagnostic that is meant."

BAD: dict[str, tuple[str, int, str, str]] = {
    "without brackets": (
        "ignore ATT212",
        11,
        "the comment `attune: ignore ATT212` cannot be understood",
        FORM,
    ),
    "another word": (
        "ignores[ATT212]",
        11,
        "the comment `attune: ignores[ATT212]` cannot be understood",
        FORM,
    ),
    "capitals": ("Ignore[ATT212]", 11, "the comment `attune: Ignore[ATT212]` cannot be", FORM),
    "a word of another program": ("noqa: ATT212", 11, "the comment `attune: noqa: ATT212`", FORM),
    "no closing bracket": ("ignore[ATT212", 11, "the comment `attune: ignore[ATT212` cannot", FORM),
    "a file without its dash": ("ignore file[ATT212]", 11, "the comment `attune: ignore f", FORM),
    "no codes": ("ignore[]", 11, "the comment names no rule to ignore", FORM),
    "only a comma": ("ignore-file[ , ]", 11, "the comment names no rule to ignore", FORM),
    "no such rule": ("ignore[ATT999]", 18, "there is no rule `ATT999`", COPY),
    "not a code": ("ignore[everything]", 18, "there is no rule `everything`", COPY),
    "small letters": ("ignore[att212]", 18, "there is no rule `att212`", "Did you mean `ATT212`?"),
    "a mistyped code": ("ignore[ATT2012]", 18, "there is no rule `ATT2012`", "Did you mean `ATT2"),
    "a rule that is not adjustable": (
        "ignore[ATT202]",
        18,
        "`ATT202` stays an error: nothing usable could be stored",
        "Take `ATT202` out here, and correct what it reports.",
    ),
}


@pytest.mark.parametrize(("words", "column", "message", "hint"), BAD.values(), ids=BAD.keys())
def test_comment_that_cannot_be_followed_is_told(
    words: str, column: int, message: str, hint: str
) -> None:
    (one,) = check_one(f"# attune: {words}\n{WORKFLOW}").diagnostics
    assert (one.rule.code, one.span.line, one.span.column) == ("ATT013", 1, column)
    assert one.message.startswith(message)
    assert one.hint.startswith(hint)


def test_one_wrong_code_leaves_the_others_their_say() -> None:
    assert _found(f"{ODD} # attune: ignore[ATT999, ATT206]\n{WORKFLOW}") == [("ATT013", 1, 25)]


def test_an_error_that_is_not_adjustable_stays() -> None:
    checked = check_one("label: x # attune: ignore-file[ATT202]\ntasks: []\n")
    assert {"ATT202", "ATT013"} <= {one.rule.code for one in checked.diagnostics}
    assert checked.workflows == ()


STOPPED: dict[str, str] = {
    "no YAML": f"a: [ {IGNORE}\n",
    "an error that stops the check": f"label: x {IGNORE}\n",
    "a list cut short": "\n".join(
        [*(f"odd{number}: 1" for number in range(120)), f'version: "1.0.0" {IGNORE}', TASK]
    ),
}


@pytest.mark.parametrize("text", STOPPED.values(), ids=STOPPED.keys())
def test_nothing_counts_as_unused_where_not_all_could_be_seen(text: str) -> None:
    assert "ATT012" not in {code for code, *_ in _found(text)}


DATABASE = ["ATT512", "ATT513", "ATT514", "ATT515"]


@pytest.mark.parametrize("code", DATABASE)
def test_what_needs_a_database_is_unused_only_when_one_was_asked(code: str) -> None:
    files = {"workflows/w.yaml": f"{WORKFLOW}# attune: ignore-file[{code}]\n"}
    known: dict[str, Json] = {"core.echo": {}}
    assert check(files).diagnostics == ()
    assert [one.rule.code for one in check(files, known=known).diagnostics] == ["ATT012"]


@pytest.mark.parametrize("code", ["ATT502", "ATT511", "ATT516"])
def test_what_is_across_files_is_unused_only_when_all_were_read(code: str) -> None:
    text = f"{WORKFLOW}# attune: ignore-file[{code}]\n"
    files = {"workflows/w.yaml": text}
    assert [one.rule.code for one in check(files).diagnostics] == ["ATT012"]
    broken = check({**files, "workflows/x.yaml": "["})
    assert [one.rule.code for one in broken.diagnostics] == ["ATT101"]


def test_diagnostics_across_files_are_covered_in_their_file() -> None:
    files = {"workflows/w.yaml": WORKFLOW, "actions/workflows/w.yaml": WORKFLOW}
    assert [one.rule.code for one in check(files).diagnostics] == ["ATT502"]
    for place in ("ignore-file", "ignore"):
        files["workflows/w.yaml"] = f'version: "1.0.0" # attune: {place}[ATT502]\n{TASK}'
        assert check(files).diagnostics == ()


def test_comments_count_in_pack_yaml() -> None:
    files = {"workflows/w.yaml": WORKFLOW}
    assert check(files, manifest=f"{MANIFEST}{ODD} {IGNORE}\n").diagnostics == ()
    (unused,) = check(files, manifest=f"{MANIFEST}{IGNORE}\n").diagnostics
    assert (unused.rule.code, unused.file) == ("ATT012", "pack.yaml")


def test_comments_count_in_files_of_actions() -> None:
    action = "ref: demo.a\nrunner_type: shell\nentry_point: gone.sh # attune: ignore[ATT703]\n"
    files = {"workflows/w.yaml": WORKFLOW, "actions/a.yaml": action}
    assert check(files).diagnostics == ()


@pytest.mark.parametrize("code", ["ATT012", "ATT013"])
def test_comments_can_silence_what_is_said_of_comments(code: str) -> None:
    comment = {"ATT012": "# attune: ignore[ATT206]", "ATT013": "# attune: ignore ATT206"}[code]
    text = f"{WORKFLOW}{comment}\n# attune: ignore-file[{code}]\n"
    assert _found(text) == []


@given(st.lists(st.sampled_from(TOKENS), max_size=30))
def test_any_text_has_its_comments_read(parts: list[str]) -> None:
    text = "".join(parts)
    lines = len(text) + 2
    for one in check_one(text).diagnostics:
        assert 1 <= one.span.line <= lines


HOSTILE: dict[str, str] = {
    "a file of comments": "# attune: ignore[ATT206]\n" * 40_000,
    "a line of comments": "# attune: ignore[ATT206] " * 40_000,
    "a line of comments that are wrong": "# attune: ignore " * 60_000,
    "a comment of many codes": f"# attune: ignore[{'ATT206,' * 140_000}]",
    "a text of comments": f"description: '{'# attune: ' * 90_000}'",
    "a block of comments": "description: >\n" + "  # attune: ignore[ATT206]\n" * 30_000,
    "comments and spaces": f"#{' ' * 500_000}#{' ' * 500_000}attune:",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_of_comments_is_answered_at_once(text: str) -> None:
    begun = time.process_time()
    assert len(check_one(WORKFLOW + text).diagnostics) <= 101
    assert time.process_time() - begun < 2
