"""`packctl.toml`: what it may say, and where each mistake in it stands."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.pack.diagnostic import Diagnostic, Severity
from controller.pack.tree import EntryKind
from tests.validate.packs import WORKFLOW, Content, check

ODD = f"odd: 1\n{WORKFLOW}"
"""A workflow with a field that Attune does not know: ATT206, a warning."""

FORM = 'Write `[severities]`, and below it lines such as `ATT206 = "Ignore"`.'
LEVELS = 'Write "Error", "Warn" or "Ignore".'
ALL = "`[severities]` is all that can be set."


def _check(settings: Content, workflow: str = WORKFLOW) -> tuple[Diagnostic, ...]:
    return check({"workflows/w.yaml": workflow, "packctl.toml": settings}).diagnostics


UNDERSTOOD: dict[str, Content] = {
    "a table": '[severities]\nATT206 = "Ignore"\n',
    "quoted keys": '["severities"]\n"ATT206" = "Ignore"\n',
    "literal quotes": "['severities']\n'ATT206' = 'Ignore'\n",
    "dotted": 'severities.ATT206 = "Ignore"',
    "inline": 'severities = { ATT206 = "Ignore" }\n',
    "among others": '[severities]\nATT212 = "Warn"\nATT206 = "Ignore"\nATT207 = "Error"\n',
    "with comments": '# Ours.\n[severities] # all\nATT206 = "Ignore" # odd\n',
    "a byte order mark": b'\xef\xbb\xbf[severities]\r\nATT206 = "Ignore"\r\n',
    "text over several lines": '[severities]\nATT206 = """\nIgnore"""\n',
}


@pytest.mark.parametrize("settings", UNDERSTOOD.values(), ids=UNDERSTOOD.keys())
def test_severities_are_taken(settings: Content) -> None:
    assert _check(settings, ODD) == ()


@pytest.mark.parametrize("settings", ["", "# Nothing yet.\n", "[severities]\n", b"\xef\xbb\xbf"])
def test_nothing_said_changes_nothing(settings: Content) -> None:
    assert [one.rule.code for one in _check(settings, ODD)] == ["ATT206"]


BAD: dict[str, tuple[Content, tuple[int, int, int], str, str]] = {
    "no equals sign": (
        "[severities]\nATT206\n",
        (2, 7, 8),
        "packctl.toml cannot be read: expected '=' after a key in a key/value pair",
        FORM,
    ),
    "no quotes": ("[severities]\nATT206 = Warn\n", (2, 10, 11), "packctl.toml cannot be", FORM),
    "ended too early": ("\n\n[severities", (3, 12, 13), "packctl.toml cannot be read: ", FORM),
    "a key twice": (
        '[severities]\nATT206 = "Warn"\nATT206 = "Warn"\n',
        (3, 16, 17),
        "packctl.toml cannot be read: cannot overwrite a value",
        FORM,
    ),
    "nested too deeply": ("x = " + "[" * 9_000, (1, 1, 1), "packctl.toml cannot be read: it", FORM),
    "a number too long": (
        f"x = {'1' * 9_000}",
        (1, 1, 1),
        "packctl.toml cannot be read: it has a number that is too long",
        FORM,
    ),
    "a text too long": (
        "#" * 20_000,
        (1, 1, 1),
        "packctl.toml cannot be read: it has more than 16,384 characters",
        FORM,
    ),
    "another table": (
        "[rules]\nATT206 = 1\n",
        (1, 2, 7),
        "`rules` is not known in packctl.toml",
        ALL,
    ),
    "a table of the wrong number": (
        '[severity]\nATT206 = "Warn"\n',
        (1, 2, 10),
        "`severity` is not known in packctl.toml",
        "Did you mean `severities`?",
    ),
    "a list of tables": ("[[tool]]\n", (1, 3, 7), "`tool` is not known in packctl.toml", ALL),
    "a table of tables": ("[ tool . x ]\n", (1, 3, 7), "`tool` is not known in packctl", ALL),
    "a key outside of the table": (
        '# ATT206 = 1\n  "ATT206" = "Warn"\n',
        (2, 3, 11),
        "`ATT206` is not known in packctl.toml",
        ALL,
    ),
    "a dotted key": ("tool.x = 1\n", (1, 1, 5), "`tool` is not known in packctl.toml", ALL),
    "no table": (
        'severities = "Warn"\n',
        (1, 14, 20),
        "`severities` must be a table",
        FORM,
    ),
    "a list in place of the table": (
        "[[severities]]\n",
        (1, 3, 13),
        "`severities` must be a table",
        FORM,
    ),
    "no such rule": (
        '[severities]\nATT999 = "Warn"\n',
        (2, 1, 7),
        "there is no rule `ATT999`",
        "Copy the code from the diagnostic that is meant.",
    ),
    "small letters": (
        'severities = { ATT207 = "Warn", att206 = "Warn" }\n',
        (1, 33, 39),
        "there is no rule `att206`",
        "Did you mean `ATT206`?",
    ),
    "a rule that is not adjustable": (
        'severities . "ATT101" = "Warn"\n',
        (1, 14, 22),
        "`ATT101` stays an error: nothing usable could be stored",
        "Take `ATT101` out here, and correct what it reports.",
    ),
    "no such level": (
        '[severities]\nATT206 = "Off" # ATT206 = "On"\n',
        (2, 10, 15),
        "`Off` is not a severity",
        LEVELS,
    ),
    "a level in small letters": (
        "[severities]\nATT206 = 'warn'\n",
        (2, 10, 16),
        "`warn` is not a severity",
        LEVELS,
    ),
    "a number as level": (
        "[severities]\nATT206 = 1\n",
        (2, 10, 11),
        "`1` is not a severity",
        LEVELS,
    ),
    "a table as level": (
        "[severities.ATT206]\nx = 1\n",
        (1, 13, 19),
        "`{'x': 1}` is not a severity",
        LEVELS,
    ),
    "a key spelled with escapes": (
        '[severities]\n"\\u0041TT206" = "Off"\n',
        (1, 1, 1),
        "`Off` is not a severity",
        LEVELS,
    ),
    "the key of the same name in another table": (
        '[severities]\nATT206 = "Warn"\n\n[severities.ATT207]\n',
        (4, 13, 19),
        "`{}` is not a severity",
        LEVELS,
    ),
}


@pytest.mark.parametrize(("settings", "place", "message", "hint"), BAD.values(), ids=BAD.keys())
def test_mistakes_are_told_where_they_stand(
    settings: Content, place: tuple[int, int, int], message: str, hint: str
) -> None:
    (one,) = _check(settings)
    assert (one.rule.code, one.file) == ("ATT011", "packctl.toml")
    assert (one.span.line, one.span.column, one.span.end_column) == place
    assert one.message.startswith(message)
    assert one.hint == hint


def test_every_mistake_is_told_and_the_rest_counts() -> None:
    settings = '[severities]\nATT999 = "Warn"\nATT206 = "Error"\nATT207 = 5\n[other]\n'
    found = [(one.rule.code, one.span.line) for one in _check(settings, ODD)]
    assert found == [("ATT011", 2), ("ATT011", 4), ("ATT011", 5), ("ATT206", 1)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[severities]\n\xff", "ATT004"),
        ("version https://git-lfs.github.com/spec/v1\n", "ATT002"),
        (EntryKind.SYMLINK, "ATT001"),
        ("#" * (1024 * 1024 + 1), "ATT003"),
    ],
    ids=["not UTF-8", "an LFS pointer", "a symbolic link", "too large a file"],
)
def test_a_file_that_cannot_be_read_is_told(content: Content, code: str) -> None:
    (one,) = _check(content)
    assert (one.rule.code, one.file, one.severity) == (code, "packctl.toml", Severity.ERROR)


def test_files_of_other_folders_set_nothing() -> None:
    settings = '[severities]\nATT206 = "Ignore"\n'
    checked = check({"workflows/w.yaml": ODD, "workflows/packctl.toml": settings})
    assert [one.rule.code for one in checked.diagnostics] == ["ATT206"]


HOSTILE = {
    "dots in a key": "a." * 8_000 + "a = 1",
    "dots in a table": f"[{'a.' * 8_000}a]",
    "many keys": "".join(f"k{number}=1\n" for number in range(1_900)),
    "many codes": "[severities]\n" + "".join(f"K{number}=1\n" for number in range(1_900)),
    "many codes in one line": f"severities={{{','.join(f'K{one}=1' for one in range(1_900))}}}",
    "many commas": f"severities={{K=1}} # {',' * 16_000}",
}


@pytest.mark.parametrize("settings", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_settings_are_answered_at_once(settings: str) -> None:
    begun = time.process_time()
    assert 1 <= len(_check(settings)) <= 101
    assert time.process_time() - begun < 2


@given(
    st.one_of(
        st.binary(max_size=40),
        st.text(alphabet="[]{}=.,\"'#\n\r sATevrits20Wn6\u2028", max_size=60).map(str.encode),
    )
)
def test_any_bytes_are_answered_with_a_place_in_the_file(data: bytes) -> None:
    for one in _check(data):
        assert 1 <= one.span.line <= data.count(b"\n") + 1
