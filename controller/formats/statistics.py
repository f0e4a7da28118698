"""How often each rule was broken. Imports rich."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.text import Text

from controller.formats.results import Results
from controller.formats.text import STYLES


def statistics(results: Results) -> Iterator[Text]:
    """A line for each rule and severity, the most frequent first."""
    counts = Counter((one.rule, one.severity) for one in results.findings)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0][0].code, item[0][1]))
    digits = len(str(ranked[0][1])) if ranked else 0
    for (rule, severity), count in ranked:
        yield Text.assemble(
            f"{count:>{digits}}  ",
            (f"{rule.code}  {severity.value.lower():<7}", STYLES[severity]),
            f"  {rule.summary}",
        )
