"""The annotation attune.io/adopt → what it names."""

from __future__ import annotations

import pytest

from controller.pack.adoption import MANY, adoption
from controller.pack.identity import PackKey

TEXTS: dict[str, tuple[set[str], list[str]]] = {
    "": (set(), []),
    "demo.settle": ({"demo.settle"}, []),
    "demo.settle,demo.refund  a/demo\n": ({"demo.settle", "demo.refund"}, ["a/demo"]),
    "a/demo b/demo, a/demo": (set(), ["a/demo", "b/demo"]),
    "demo /demo a/ a/b/c": (set(), []),
}


@pytest.mark.parametrize("text", TEXTS)
def test_what_an_annotation_names(text: str) -> None:
    refs, packs = TEXTS[text]
    found = adoption(text)
    assert found.refs == refs
    assert [str(one) for one in found.packs] == packs


def test_one_annotation_asks_for_a_bounded_number_of_packs() -> None:
    found = adoption(" ".join(f"team-{number}/demo" for number in range(1000)))
    assert found.packs == tuple(PackKey(f"team-{number}", "demo") for number in range(MANY))
