"""A plan with its fields → text for people, JSON for programs, Markdown for a comment. Pure.

May import `pack`, `diff`, `errors`, `redact`, rich and the neighbours.
"""

from controller.formats.plans.listing import plan_listing
from controller.formats.plans.markdown import plan_markdown
from controller.formats.plans.report import PlanReport
from controller.formats.plans.text import plan_summary, plan_text

__all__ = ["PlanReport", "plan_listing", "plan_markdown", "plan_summary", "plan_text"]
