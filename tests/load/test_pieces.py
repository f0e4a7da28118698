"""Where the values of a text stand, and how they are spelled."""

from __future__ import annotations

import pytest

from controller.load.pieces import ListPiece, MapPiece, Piece, ScalarPiece, Style, pieces, scalars

SPELLED = {
    "plain": ("a: b c # d", "b c", Style.PLAIN),
    "over lines": ("a: b\n  c\n", "b\n  c", Style.PLAIN),
    "nothing": ("a: # b\n", "", Style.PLAIN),
    "quoted": ("a: 'it''s' # b", "'it''s'", Style.QUOTED),
    "anchor and tag": ("a: &x !!str 5 # b", "&x !!str 5", Style.PLAIN),
    "literal": ("a: |\n  b\n\n  c\n\n# d\n", "|\n  b\n\n  c", Style.LINES),
    "folded": ("a: >- # b\n  c\n", ">- # b\n  c", Style.LINES),
    "braces": ("a: {b: c,\n  d: [e] } # f", "{b: c,\n  d: [e] }", Style.FLOW),
    "brackets": ("a: [b, # c\n  d,]\n", "[b, # c\n  d,]", Style.FLOW),
    "mapping": ("a:\n  b: c\n  d: |\n    e\n# f\n", "b: c\n  d: |\n    e", Style.BLOCK),
    "list": ("a:\n- b # c\n- {d: e} # f\n\n", "- b # c\n- {d: e}", Style.BLOCK),
    "line breaks of Windows": ("x: y\r\na: |\r\n  b\r\n\r\n", "|\r\n  b", Style.LINES),
}


def _value_of_a(text: str) -> Piece:
    root = pieces(text)
    assert isinstance(root, MapPiece)
    return next(
        value for key, value in root.pairs if isinstance(key, ScalarPiece) and key.text == "a"
    )


@pytest.mark.parametrize("name", SPELLED)
def test_a_piece_is_the_value_and_nothing_around_it(name: str) -> None:
    text, spelled, style = SPELLED[name]
    piece = _value_of_a(text)
    assert (text[piece.start : piece.end], piece.style) == (spelled, style)


def test_an_alias_is_no_copy_of_what_it_repeats() -> None:
    piece = _value_of_a("b: &x [1]\na: *x\n")
    assert isinstance(piece, ScalarPiece)
    assert (piece.style, piece.line, piece.column) == (Style.ALIAS, 2, 4)


def test_both_of_two_equal_keys_are_there() -> None:
    root = pieces("a: 1\na: 2\n")
    assert isinstance(root, MapPiece)
    assert len(root.pairs) == 2


def test_scalars_come_in_order_and_keys_are_told_from_values() -> None:
    root = pieces("[{a: b}, c, [d: e]]")
    assert isinstance(root, ListPiece)
    found = [(scalar.text, is_key) for scalar, is_key in scalars(root)]
    assert found == [("a", True), ("b", False), ("c", False), ("d", True), ("e", False)]
