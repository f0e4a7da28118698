"""Texts that YAML, or this controller's bounds on it, refuses: what is said, and where.

Each case is the whole file, and each finding (code, line, column, path).
"""

from __future__ import annotations

Finding = tuple[str, int, int, str]

CASES: dict[str, tuple[str | bytes, list[Finding]]] = {
    "LFS pointer": (
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        [("ATT002", 1, 1, "")],
    ),
    "Latin-1": (b"a: 1\nb: gr\xfc\xdfe\n", [("ATT004", 2, 6, "")]),
    "UTF-16": ("a: 1\n".encode("utf-16"), [("ATT004", 1, 1, "")]),
    "encoded surrogate": (b"a: \xed\xa0\x80\n", [("ATT004", 1, 4, "")]),
    "too deep": ("a: " + "[" * 64 + "]" * 64, [("ATT006", 1, 67, "a" + "[0]" * 63)]),
    "too deep by aliases": (
        f"a: &a {'[' * 40 + ']' * 40}\nb: {{c: {'[' * 22}*a{']' * 22}, d: {'[' * 23}*a]}}\n",
        [("ATT006", 2, 82, "b.d" + "[0]" * 23)],
    ),
    "too many values": ("- a\n" * 50_001, [("ATT007", 50_000, 3, "[49999]")]),
    "aliases of aliases": (
        f"a: &a [{'x, ' * 99}]\nb: &b [{'*a, ' * 99}]\nc: [{'*b, ' * 99}]\n",
        [("ATT008", 3, 21, "c[4]")],
    ),
    "aliases of a long text": (
        f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 50)}]\n",
        [("ATT008", 2, 169, "b[41]")],
    ),
    "%TAG directives": (
        "".join(f"%TAG !{index}! x\n" for index in range(17)) + "--- 1\n",
        [("ATT009", 1, 1, "")],
    ),
    "tab": ("a:\n\t- b\n", [("ATT101", 2, 1, "")]),
    "unclosed quote": ("a: 1\nb: 'x\nc: 2\n", [("ATT101", 2, 4, "")]),
    "unclosed bracket": ("a: 1\nb: [x,\nc: 2\n", [("ATT101", 2, 4, "")]),
    "unclosed brace": ("a: {b: 1\n", [("ATT101", 1, 4, "")]),
    "no colon": ("a: 1\nbanana\nc: 2\n", [("ATT101", 2, 1, "")]),
    "second colon": ("a: b: c\n", [("ATT101", 1, 5, "")]),
    "deeper than its neighbours": ("a: 1\n b: 2\n", [("ATT101", 2, 3, "")]),
    "shallower than its neighbours": ("  a: 1\n b: 2\n", [("ATT101", 2, 2, "")]),
    "list and mapping": ("- a\nb: 1\n", [("ATT101", 2, 1, "")]),
    "reserved character": ("a: @b\n", [("ATT101", 1, 4, "")]),
    "unknown escape": ('a: "\\q"\n', [("ATT101", 1, 5, "")]),
    "control character": ("a: \x07\n", [("ATT101", 1, 4, "")]),
    "NUL in the text": ("a: b\n\x00", [("ATT101", 2, 1, "")]),
    "escaped surrogate": ('a: "\\ud800"\n', [("ATT101", 1, 7, "")]),
    "directive after the start": ("a: 1\n%TAG x\n", [("ATT101", 2, 6, "")]),
    "key twice": ("a: 1\nb: 2\na: 3\n", [("ATT102", 3, 1, "a")]),
    "key twice, deep inside": ("a: [{b: {c: 1, c: 2}}]\n", [("ATT102", 1, 16, "a[0].b.c")]),
    "merge key": ("a: &a {b: 1}\nc: {<<: *a}\n", [("ATT103", 2, 5, "c")]),
    "own tag": ("a: !x 1\n", [("ATT104", 1, 4, "a")]),
    "binary": ("a: !!binary aGVsbG8=\n", [("ATT104", 1, 4, "a")]),
    "set": ("a: !!set {b}\n", [("ATT104", 1, 4, "a")]),
    "tag that does not fit": ("a: !!int x\n", [("ATT104", 1, 4, "a")]),
    "tag of nothing": ("a: !!null ''\n", [("ATT104", 1, 4, "a")]),
    "tag of a decimal": ("a: !!float 0x10\n", [("ATT104", 1, 4, "a")]),
    "no tag in particular": ("a: ! 1\n", [("ATT104", 1, 4, "a")]),
    "no tag in particular of a list": ("a: ! [1]\n", [("ATT104", 1, 4, "a")]),
    "two documents": ("a: 1\n---\nb: 2\n", [("ATT105", 2, 1, "")]),
    "integer key": ("a: {1: 2}\n", [("ATT106", 1, 5, "a")]),
    "null key": ("~: 2\n", [("ATT106", 1, 1, "")]),
    "list as a key": ("? [a]\n: b\n", [("ATT106", 1, 3, "")]),
    "NUL in a quoted text": ('a: "b\\0"\n', [("ATT108", 1, 4, "a")]),
    "unknown alias": ("a: *b\n", [("ATT109", 1, 4, "a")]),
    "alias in its own anchor": ("a: &b {c: [*b]}\n", [("ATT110", 1, 12, "a.c[0]")]),
    "bare template": ("a: {b: {{ c }}}\n", [("ATT111", 1, 8, "a.b")]),
}

CAUSES = {
    "tab": ("a:\n\t- b\n", "a tab indents this line"),
    "quote": ("a: 'b\n", "the quote that opens here is never closed"),
    "bracket": ("a: [b\nc: d\n", "the `[` that opens here is not closed"),
    "brace": ("a: {b: c\n", "the `{` that opens here is not closed"),
    "colon": ("a: 1\nbanana\nc: 2\n", "a `:` after the key is missing"),
    "second colon": ("message: Note: this\n", "a second `:` stands where no key can begin"),
    "indentation": ("- a\nb: 1\n", "does not fit the indentation"),
    "at sign": ("a: @b\n", "a value cannot begin with `@`"),
    "backslash": ('a: "C:\\dir"\n', "in a quoted text"),
    "template, then text": ("a: {{ b }} c\n", "`{{`"),
    "template": ("a: {{ b }}\n", "`{{`"),
    "template in a list": ("- {{ b }} c\n", "`{{`"),
    "template with a call": ("a: {{ f('x') + 'y' }}\n", "`{{`"),
    "control character": ("a: \x07\n", "U+0007"),
}
