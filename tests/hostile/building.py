"""What hostile texts are made of."""

from __future__ import annotations

from tests.workflow.bad_workflows import HEAD

SIZE = 1024 * 1024 - 100
"""About as many bytes as a file may have: a larger one is refused without a look."""


def each(pattern: str, count: int) -> str:
    """`pattern` so many times, with the number of the time in place of each #."""
    return "".join(pattern.replace("#", str(number)) for number in range(count))


def in_tasks(pattern: str, count: int) -> str:
    """A workflow with so many tasks."""
    return f"{HEAD}tasks: [{each(pattern, count)}]"


def in_when(text: str) -> str:
    """A workflow with a condition that reads so."""
    quoted = text.replace("'", "''")
    return f"{HEAD}tasks: [{{name: a, action: a.b, when: '{quoted}'}}]"


def in_parameters(schema: str) -> str:
    """A workflow with this schema, which is an action, too."""
    return f"{HEAD}ref: demo.w\ntasks: [{{name: a, action: a.b}}]\nparameters: {schema}"
