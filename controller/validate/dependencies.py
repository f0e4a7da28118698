"""`dependencies` of pack.yaml: the packs that a pack needs. Pure; may import `pack`."""

from __future__ import annotations

from collections.abc import Iterator

from controller.pack import node as tree
from controller.pack import rules
from controller.pack.node import Node
from controller.pack.report import Report, quoted
from controller.validate.needs import Need, is_range, is_ref, need, split

_FORMS = "Write `core`, `core@1.0.0` or `core>=1.2,<2`."


def check_dependencies(node: Node, report: Report) -> None:
    """Warn of each entry of the list at `node` that cannot be understood."""
    for index, one in _entries(node):
        problem, hint = _problem(one.text)
        if problem:
            message = f"the dependency {quoted(one.text)} {problem}"
            report.add(rules.BAD_DEPENDENCY, one, message, path=_path(index), hint=hint)


def needs(node: Node | None) -> tuple[Need, ...]:
    """The entries of the list at `node` that can be understood, each once."""
    if node is None:
        return ()
    found = (need(one.text, _path(index), one.span) for index, one in _entries(node))
    return tuple({one.text: one for one in found if one is not None}.values())


def _entries(node: Node) -> Iterator[tuple[int, tree.Scalar]]:
    if type(node) is not tree.List:
        return
    for index, one in enumerate(node.items):
        if type(one) is tree.Scalar and one.value is not None:
            yield index, one


def _path(index: int) -> str:
    return f"dependencies[{index}]"


def _problem(text: str) -> tuple[str, str]:
    ref, behind = split(text)
    if not is_ref(ref):
        lower = ref.lower()
        return "does not begin with the ref of a pack", (
            f"Did you mean `{lower}`?" if is_ref(lower) else _FORMS
        )
    if not is_range(behind):
        return f"has {quoted(behind)} behind the ref, which is no range of versions", _FORMS
    return "", ""
