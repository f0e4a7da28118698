"""What a finding is known by from one commit to the next. Imports `pack`.

Lines move whenever something is written above them, so they are no part of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from controller.pack.diagnostic import Diagnostic

Same = tuple[str, str, str, str]


def fingerprints(found: Sequence[Diagnostic]) -> dict[Diagnostic, str]:
    """64 hexadecimal digits for each, no two alike; those alike in all else are numbered."""
    seen: Counter[Same] = Counter()
    marks: dict[Diagnostic, str] = {}
    for one in found:
        same = one.file, one.rule.code, one.path, one.message
        seen[same] += 1
        text = "\0".join((*same, str(seen[same])))
        marks[one] = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    return marks
