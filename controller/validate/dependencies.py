"""`dependencies` of pack.yaml: the packs that a pack needs. Pure; may import `pack`.

Attune stores the texts as they are and documents no form: what any usual one means is taken.
"""

from __future__ import annotations

import re

from controller.pack import node as tree
from controller.pack import rules
from controller.pack.node import Node
from controller.pack.report import Report, quoted
from controller.validate.pack_table import PACK_REF

_NUMBER = r"v?[0-9]+(?:\.(?:[0-9]+|[xX*])){0,2}(?:[-+][0-9A-Za-z.+-]+)?"
_BOUND = rf"(?:(?:[<>=!~]=?|===?|~>|\^)?\s*{_NUMBER}|\*)"
_RANGE = re.compile(rf"(?:@\s*)?{_BOUND}(?:(?:\s*,\s*|\s+){_BOUND})*")
_NAME = re.compile(r"[^\s@<>=!~^*,]*")
_REF = re.compile(PACK_REF)
_FORMS = "Write `core`, `core@1.0.0` or `core>=1.2,<2`."


def check_dependencies(node: Node, report: Report) -> None:
    """Warn of each entry of the list at `node` that cannot be understood."""
    if type(node) is not tree.List:
        return
    for index, one in enumerate(node.items):
        if type(one) is tree.Scalar and one.value is not None:
            problem, hint = _problem(one.text)
            if problem:
                message = f"the dependency {quoted(one.text)} {problem}"
                path = f"dependencies[{index}]"
                report.add(rules.BAD_DEPENDENCY, one, message, path=path, hint=hint)


def _problem(text: str) -> tuple[str, str]:
    name = _NAME.match(text.strip())
    ref = name[0] if name else ""
    if not _REF.fullmatch(ref):
        lower = ref.lower()
        meant = f"Did you mean `{lower}`?" if _REF.fullmatch(lower) else _FORMS
        return "does not begin with the ref of a pack", meant
    behind = text.strip()[len(ref) :].strip()
    if behind and not _RANGE.fullmatch(behind):
        return f"has {quoted(behind)} behind the ref, which is no range of versions", _FORMS
    return "", ""
