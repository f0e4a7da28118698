"""What packs were found to be → what people, editors and CI systems read. Pure.

May import `pack`, `errors`, `redact`, `status` (its words), `explain`, rich, junitparser and
sarif-pydantic. This is the door of the room.
"""

from controller.formats.form import Form, Machine, document
from controller.formats.listing import failure, validation
from controller.formats.results import PackResult, Results, place
from controller.formats.statistics import statistics
from controller.formats.summary import summary
from controller.formats.text import finding, findings

__all__ = [
    "Form",
    "Machine",
    "PackResult",
    "Results",
    "document",
    "failure",
    "finding",
    "findings",
    "place",
    "statistics",
    "summary",
    "validation",
]
