"""`next` for a task between braces: `{name: a, on_success: b}`. Pure; imports the neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from controller.fix.comments import inside
from controller.fix.steps import OldTask, Step, Unsafe
from controller.fix.values import Edit


def flow_edits(old: OldTask) -> tuple[Edit, ...]:
    """Put `next` in the place of the first old field, and take the others out with their commas."""
    if inside(old.text, old.piece):
        raise Unsafe("a comment stands between the braces")
    first, *others = old.fields
    quote = _quote(old.text[first.key.start])
    steps = ", ".join("{" + ", ".join(_parts(step, old, quote)) + "}" for step in old.steps)
    edits = [Edit(first.key.start, first.value.end, f"{quote}next{quote}: [{steps}]")]
    ends = {
        key.start: before.end
        for (_, before), (key, _) in zip(old.piece.pairs, old.piece.pairs[1:], strict=False)
    }
    edits += (Edit(ends[one.key.start], one.value.end, "") for one in others)
    return tuple(edits)


def _quote(character: str) -> str:
    """The quote that keys are written in, so that JSON stays JSON."""
    return character if character in ("'", '"') else ""


def _parts(step: Step, old: OldTask, quote: str) -> Iterator[str]:
    if step.when is not None:
        when = f'"{step.when}"' if isinstance(step.when, str) else old.spelled(step.when)
        yield f"{quote}when{quote}: {when}"
    if step.publish is not None:
        yield f"{quote}publish{quote}: {old.spelled(step.publish.value)}"
    if step.target is not None:
        yield f"{quote}do{quote}: [{old.spelled(step.target)}]"
