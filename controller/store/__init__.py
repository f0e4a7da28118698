"""PostgreSQL: plan (pure), apply (one transaction), ownership, migrations.

The only room that speaks SQL. May import `pack`, `errors` and `redact`.
"""

from controller.pack.planned import Kind, Step
from controller.store.catalogue import CataloguePack, StoredWorkflow
from controller.store.comparison import Comparison
from controller.store.database import DatabaseSettings
from controller.store.migrate import NewerSchema
from controller.store.plan import ActualRow, Plan, make_plan
from controller.store.records import (
    Attempt,
    AttemptEntry,
    RecordedRevision,
    Removed,
    Retention,
    RevisionEntry,
)
from controller.store.store import Store
from controller.store.values import (
    Fence,
    Holder,
    InventoryItem,
    Policy,
    Receipt,
    Recorded,
    Removal,
    Standing,
    SyncRequest,
)

__all__ = [
    "ActualRow",
    "Attempt",
    "AttemptEntry",
    "CataloguePack",
    "Comparison",
    "DatabaseSettings",
    "Fence",
    "Holder",
    "InventoryItem",
    "Kind",
    "NewerSchema",
    "Plan",
    "Policy",
    "Receipt",
    "Recorded",
    "RecordedRevision",
    "Removal",
    "Removed",
    "Retention",
    "RevisionEntry",
    "Standing",
    "Step",
    "Store",
    "StoredWorkflow",
    "SyncRequest",
    "make_plan",
]
